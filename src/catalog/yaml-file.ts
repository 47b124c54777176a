import { LineCounter } from 'yaml';
import type { ItemMemory } from './item-memory.js';
import type { Pause } from './pauses.js';
import { toPointer, type Path, type Problem } from './problem.js';
import { readYamlDocument, readYamlDocumentPausing, type NoYaml, type Where, type YamlDocument } from './yaml-document.js';
import { problemsOfItems } from './yaml-item-problems.js';
import { brokenItemStarts, itemStarts, readItems } from './yaml-items.js';

/** One YAML file, read: its value as JSON, and where each part of the value stands in the text. */
export interface YamlFile {
  readonly file: string;
  /** JSON; `undefined` where the text could not be read (`problems` says why). `null` for an empty file. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** A problem at the value, at the key that it stands under, or `offset` characters into a text. The text is read
   *  again for it: places are seldom asked for, and to keep all of them takes thirty times the room of the text. */
  problemAt(path: Path, message: string, where?: Where & { readonly severity?: Problem['severity'] }): Problem;
}

/** A list is read item by item, with pauses between them; all else as a whole. */
export async function readYamlFile(file: string, text: string, pause: Pause, memory?: ItemMemory): Promise<YamlFile> {
  const starts = itemStarts(text);
  if (starts === null) return asFarAsNeeded(file, text, brokenItemStarts(text) ?? [], 0, pause);
  const read = await readItems(text, starts, pause, memory);
  if (!read.ok) return asFarAsNeeded(file, text, starts, read.unread, pause);
  const problem = problemsIn(file, text);
  const documentOf = rememberingLast((item: number) => asRead(text.slice(starts[item], starts[item + 1])));
  return {
    file, value: read.values, problems: [],
    problemAt: (path, message, where = {}) => {
      const [item, ...below] = path;
      const offset = typeof item === 'number' && item < starts.length ? starts[item]! + documentOf(item).offsetOf([0, ...below], where) : starts[0]!;
      return problem(offset, path, message, where.severity);
    },
  };
}

/** A list of which an item cannot be read is refused by its items, where they tell; else the whole is read. */
async function asFarAsNeeded(file: string, text: string, starts: readonly number[], unread: number, pause: Pause): Promise<YamlFile> {
  const problems = await problemsOfItems(text, starts, unread, pause);
  return asWhole(file, text, problems === null ? await readYamlDocumentPausing(text, lineOf(text), pause) : { ok: false, problems });
}

export function parseYamlFile(file: string, text: string): YamlFile {
  return asWhole(file, text, readYamlDocument(text, lineOf(text)));
}

function asWhole(file: string, text: string, document: YamlDocument | NoYaml): YamlFile {
  const problem = problemsIn(file, text);
  if (!document.ok) {
    return {
      file, value: undefined,
      problems: document.problems.map(({ offset, message }) => problem(offset, [], message)),
      problemAt: (path, message, where) => problem(0, path, message, where?.severity),
    };
  }
  const documentAgain = rememberingLast(() => asRead(text));
  return {
    file, value: document.value, problems: [],
    problemAt: (path, message, where = {}) => problem(documentAgain(0).offsetOf(path, where), path, message, where.severity),
  };
}

type NewProblem = (offset: number, path: Path, message: string, severity?: Problem['severity']) => Problem;

function problemsIn(file: string, text: string): NewProblem {
  const placeOf = placesIn(text);
  return (offset, path, message, severity = 'error') => ({ file, ...placeOf(offset), path: toPointer(path), message, severity });
}

/** Lines and columns from 1. The lines are counted when the first is asked for. */
function placesIn(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  let lines: LineCounter | undefined;
  return (offset) => {
    lines ??= linesOf(text);
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0; start >= 0; start = text.indexOf('\n', start) + 1 || -1) lines.addNewLine(start);
  return lines;
}

function lineOf(text: string): (offset: number) => number {
  const placeOf = placesIn(text);
  return (offset) => placeOf(offset).line;
}

/** Of what has been read without a problem before. */
function asRead(text: string): YamlDocument {
  const document = readYamlDocument(text, lineOf(text));
  if (!document.ok) throw new Error(`was read, and cannot be read again: ${document.problems[0]?.message ?? ''}`);
  return document;
}

/** Problems come item by item. */
function rememberingLast<T>(make: (key: number) => T): (key: number) => T {
  let last: { readonly key: number; readonly value: T } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}
