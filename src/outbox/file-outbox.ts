import { mkdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { OutboxError, type Outbox, type OutboxEvent } from './outbox.js';

const newline = 0x0a;

/**
 * The outbox as files: one JSON line per event, on disk before it counts as handed over. A file per UTC day and process
 * ("outbox-2026-11-23.4711.ndjson"), for this user only; whoever delivers reads them from where it got to, and removes
 * those of past days. Throws where the folder cannot be made.
 */
export function openFileOutbox(folder: string): Outbox {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let day = '';
  let file: FileHandle | null = null;
  let waiting: { readonly event: OutboxEvent; readonly done: (error?: OutboxError) => void }[] = [];
  let writing: Promise<void> | null = null;

  const fileOf = async (today: string): Promise<FileHandle> => {
    if (file !== null && today === day) return file;
    await file?.close();
    file = null;
    const opened = await open(join(folder, `outbox-${today}.${process.pid}.ndjson`), 'a+', 0o600);
    // A write that was cut off, by a full disk or the end of a process, must not spoil the line after it.
    try {
      const { size } = await opened.stat();
      if (size > 0 && (await opened.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== newline) await opened.appendFile('\n');
    } catch (error) {
      await opened.close();
      throw error;
    }
    day = today;
    return (file = opened);
  };
  /** All that wait share one sync. */
  const writeSome = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    let failure: OutboxError | undefined;
    let isOpen = false;
    try {
      const target = await fileOf(new Date(batch[0]!.event.at).toISOString().slice(0, 10));
      isOpen = true;
      await target.appendFile(batch.map(({ event }) => `${event.json}\n`).join(''));
      await target.datasync();
    } catch (error) {
      failure = new OutboxError(`The outbox in ${folder} cannot be written: ${messageOf(error)}`, !isOpen);
      await file?.close().catch(() => undefined);
      file = null;
    }
    for (const { done } of batch) done(failure);
  };
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) await writeSome();
    writing = null;
  };

  return {
    publish: (event) => new Promise((resolve, reject) => {
      waiting.push({ event, done: (error) => { if (error === undefined) resolve(); else reject(error); } });
      writing ??= writeAll();
    }),
    close: async () => {
      await writing;
      await file?.close();
      file = null;
    },
  };
}
