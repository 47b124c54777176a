import { SingleBar } from 'cli-progress';
import type { Output } from '../surroundings.js';

export interface Progress {
  /** `done` of the total; `customers` until then, and how that is said. */
  update(done: number, customers: number, words: string): Promise<void>;
  /** A line that must not be lost in the bar. */
  note(line: string): Promise<void>;
  stop(): Promise<void>;
}

const customersPerLine = 10_000;

/** A bar on a terminal, where the size is known; else a line now and then. `total: null`: not known. */
export function showProgress(output: Output, total: number | null): Progress {
  return output.isTerminal && total !== null ? showBar(output, total) : showLines(output);
}

function showLines(output: Output): Progress {
  let shown = 0;
  return {
    update: async (_done, customers, words) => {
      if (customers < shown + customersPerLine) return;
      shown = customers - (customers % customersPerLine);
      await output.write(`${words}\n`);
    },
    note: (line) => output.write(`${line}\n`),
    stop: () => Promise.resolve(),
  };
}

/** Notes wait until the bar is gone: lines in between would tear it apart. */
function showBar(output: Output, total: number): Progress {
  const notes: string[] = [];
  const bar = new SingleBar({ format: '{bar} {percentage} %  {words}', barsize: 30, hideCursor: true, clearOnComplete: true, etaBuffer: 50 });
  bar.start(total, 0, { words: '' });
  return {
    update: (done, _customers, words) => {
      bar.update(Math.min(done, total), { words });
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
