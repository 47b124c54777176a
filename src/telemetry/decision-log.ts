import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/**
 * The decision log: one JSON line per decision, off the request's path, complete enough to decide again. A file per
 * UTC day and process ("decisions-2026-11-23.4711.ndjson"); how long files are kept is the operator's choice.
 */
export interface DecisionLog {
  /** Never waits and never fails: what the disk cannot keep up with is dropped, and counted. `at`: epoch milliseconds. */
  write(line: string, at: number): void;
  /** Resolves when every line taken is in its file (or was told as failed). */
  close(): Promise<void>;
}

/** Lines that wait for the disk at the most; beyond, decisions are dropped from the log rather than memory filled. */
const maxWaitingBytes = 64 * 1024 * 1024;

export interface DecisionLogEvents {
  dropped(count: number): void;
  failed(message: string): void;
}

export function openDecisionLog(folder: string, events: DecisionLogEvents): DecisionLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let day = '';
  let stream: WriteStream | null = null;
  /** Also yesterday's, until it is on the disk. */
  const open = new Set<WriteStream>();

  const streamOf = (at: number): WriteStream => {
    const today = new Date(at).toISOString().slice(0, 10);
    if (stream !== null && today === day) return stream;
    stream?.end();
    day = today;
    const opened = createWriteStream(join(folder, `decisions-${today}.${process.pid}.ndjson`), { flags: 'a', mode: 0o600 });
    open.add(opened);
    opened.on('error', (error) => {
      events.failed(error.message);
      if (stream === opened) stream = null;      // the next line opens the file again
    });
    opened.on('close', () => open.delete(opened));
    return (stream = opened);
  };

  return {
    write: (line, at) => {
      const target = streamOf(at);
      if (target.writableLength > maxWaitingBytes) events.dropped(1);
      else target.write(`${line}\n`);
    },
    close: async () => {
      stream?.end();
      await Promise.all(Array.from(open, (each) => new Promise<void>((resolve) => { each.once('close', () => resolve()); })));
    },
  };
}
