import { SingleBar } from 'cli-progress';
import { count, counted } from './number-words.js';
import type { Output } from './surroundings.js';

export interface ImportProgress {
  update(bytesRead: number, customers: number, badLines: number): Promise<void>;
  /** A line that must not be lost in the bar. */
  note(line: string): Promise<void>;
  stop(): Promise<void>;
}

const customersPerLine = 10_000;

/** A bar on a terminal, where the size is known; else a line now and then. `totalBytes: null`: not known. */
export function showProgress(output: Output, totalBytes: number | null): ImportProgress {
  return output.isTerminal && totalBytes !== null ? showBar(output, totalBytes) : showLines(output);
}

function showLines(output: Output): ImportProgress {
  let shown = 0;
  return {
    update: async (_bytes, customers, badLines) => {
      if (customers < shown + customersPerLine) return;
      shown = customers - (customers % customersPerLine);
      await output.write(`${progressWords(customers, badLines)}\n`);
    },
    note: (line) => output.write(`${line}\n`),
    stop: () => Promise.resolve(),
  };
}

/** Notes wait until the bar is gone: lines in between would tear it apart. */
function showBar(output: Output, totalBytes: number): ImportProgress {
  const notes: string[] = [];
  const bar = new SingleBar({ format: '{bar} {percentage} %  {words}', barsize: 30, hideCursor: true, clearOnComplete: true, etaBuffer: 50 });
  bar.start(totalBytes, 0, { words: '' });
  return {
    update: (bytesRead, customers, badLines) => {
      bar.update(Math.min(bytesRead, totalBytes), { words: progressWords(customers, badLines) });
      return Promise.resolve();
    },
    note: (line) => {
      notes.push(line);
      return Promise.resolve();
    },
    stop: async () => {
      bar.stop();
      for (const line of notes) await output.write(`${line}\n`);
    },
  };
}

/** "12,000 customers, 3 bad lines". */
export function progressWords(customers: number, badLines: number): string {
  return `${counted(customers, 'customer')}${badLines === 0 ? '' : `, ${count(badLines)} bad ${badLines === 1 ? 'line' : 'lines'}`}`;
}
