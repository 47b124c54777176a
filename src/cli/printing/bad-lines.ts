import { counted } from './number-words.js';
import { plainText } from './plain-text.js';
import type { Progress } from './progress.js';

const shown = 100;

/** Lines of a file that do not fit: told with their numbers, the first of them, and counted. */
export interface BadLines {
  count(): number;
  refuse(line: number, reasons: readonly string[]): Promise<void>;
  /** Says how many were not shown. */
  end(): Promise<void>;
}

export function createBadLines(fileName: string, progress: Progress): BadLines {
  let bad = 0;
  return {
    count: () => bad,
    refuse: async (line, reasons) => {
      bad += 1;
      if (bad <= shown) await progress.note(`${fileName}:${line}: ${plainText(reasons.join('; '))}`);
    },
    end: async () => {
      if (bad > shown) await progress.note(`… and ${counted(bad - shown, 'more bad line')}, not shown.`);
    },
  };
}
