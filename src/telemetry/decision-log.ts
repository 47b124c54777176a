import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { dayMs } from '../decision/calendar.js';

/**
 * The decision log: one JSON line per decision, off the request's path, complete enough to decide again. A file per
 * UTC day and process ("decisions-2026-11-23.4711.ndjson"); how long files are kept is the operator's choice.
 */
export interface DecisionLog {
  /** Never waits and never fails: what the disk cannot keep up with is dropped, and counted. `at`: epoch milliseconds. */
  write(line: string, at: number): void;
  /** Resolves when every line taken is in its file (or was told as failed). One that comes later opens it again. */
  close(): Promise<void>;
}

/** Lines that wait for the disk at the most; beyond, decisions are dropped from the log rather than memory filled. */
const maxWaitingBytes = 64 * 1024 * 1024;

export interface DecisionLogEvents {
  dropped(count: number): void;
  failed(message: string): void;
}

/** Lines wait so long for others, and are written as one piece: a write for each costs as much as the line itself. */
const gatherMs = 20;
const pieceBytes = 128 * 1024;
/** A unit of UTF-16 is three bytes of UTF-8 at most. */
const mostBytesPerUnit = 3;
const newline = 10;

export function openDecisionLog(folder: string, events: DecisionLogEvents): DecisionLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let day = 0;
  // As bytes, while the line is still in the processor's caches: to join texts and encode them later took three times as long.
  let piece: Buffer = Buffer.allocUnsafeSlow(pieceBytes);
  let filled = 0;
  let spare: Buffer | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stream: WriteStream | null = null;
  /** Also yesterday's, until it is on the disk. */
  const open = new Set<WriteStream>();

  const openFile = (): WriteStream => {
    const name = new Date(day * dayMs).toISOString().slice(0, 10);
    const opened = createWriteStream(join(folder, `decisions-${name}.${process.pid}.ndjson`), { flags: 'a', mode: 0o600 });
    open.add(opened);
    opened.on('error', (error) => {
      events.failed(error.message);
      if (stream === opened) stream = null;      // the next piece opens the file again
    });
    opened.on('close', () => open.delete(opened));
    return opened;
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (filled === 0) return;
    const full = piece;
    stream ??= openFile();
    stream.write(full.subarray(0, filled), () => { if (full.length === pieceBytes) spare = full; });
    piece = spare ?? Buffer.allocUnsafeSlow(pieceBytes);
    spare = null;
    filled = 0;
  };
  const endFile = (): void => {
    flush();
    stream?.end();
    stream = null;
  };

  return {
    write: (line, at) => {
      const today = Math.floor(at / dayMs);
      if (today !== day) endFile();
      day = today;
      if (stream !== null && stream.writableLength > maxWaitingBytes) return events.dropped(1);
      const mostBytes = line.length * mostBytesPerUnit + 1;
      if (mostBytes > piece.length - filled) flush();
      if (mostBytes > piece.length) piece = Buffer.allocUnsafeSlow(mostBytes);
      filled += piece.write(line, filled);
      piece[filled++] = newline;
      timer ??= setTimeout(flush, gatherMs);
    },
    close: async () => {
      endFile();
      await Promise.all(Array.from(open, (each) => new Promise<void>((resolve) => { each.once('close', () => resolve()); })));
    },
  };
}
