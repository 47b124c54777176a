import type { Document, YAMLError, YAMLWarning } from 'yaml';
import { firstMisindented, tooDeep, tooShallow } from './yaml-indentation.js';
import { colonMissing, lineStart, unmeant, type SyntaxProblem } from './yaml-unmeant.js';

export type { SyntaxProblem } from './yaml-unmeant.js';

export const shownAtMost = 20;

/**
 * What is wrong with a text as YAML, in its order, for people who never read YAML's grammar. What is YAML, and surely
 * not what was meant, is among it: a key given twice, a pair without a value (where a comma has split a text), a list's
 * dash without its space, an alias within what it stands for.
 */
export function syntaxProblems(document: Document.Parsed, text: string, lineOf: (offset: number) => number): readonly SyntaxProblem[] {
  const said = misread(document, text, lineOf);
  const lines = new Set(said.map(({ offset }) => lineOf(offset)));
  // What nothing is named may be a rest of what was misread.
  const found = [...said, ...unmeant(document, text).filter(({ isRest, offset }) => isRest !== true || !lines.has(lineOf(offset)))].sort((a, b) => a.offset - b.offset);
  const structural = found.findIndex((problem) => problem.structural === true);
  return (structural < 0 ? found : found.slice(0, structural + 1)).slice(0, shownAtMost);
}

/** What the library has found, in plain words: of each line the first only, and no more than are shown. */
function misread(document: Document.Parsed, text: string, lineOf: (offset: number) => number): SyntaxProblem[] {
  const isTag = ({ code }: YAMLError | YAMLWarning): boolean => code === 'TAG_RESOLVE_FAILED';
  const all = [...document.errors, ...document.warnings].map((error) => ({ error, line: lineOf(error.pos[0]) })).sort((a, b) => a.error.pos[0] - b.error.pos[0]);
  const tagLines = new Set(all.filter(({ error }) => isTag(error)).map(({ line }) => line));
  // A "!" that was meant as "not" also spoils the rest of its line: one problem, said well, is enough.
  return all
    .filter(({ error, line }) => isTag(error) || !tagLines.has(line))
    .filter(({ line }, index, kept) => index === 0 || line !== kept[index - 1]!.line)
    .slice(0, shownAtMost)
    .map(({ error }) => (isTag(error) ? { offset: error.pos[0], message: 'a text that begins with "!" must stand in quotes' } : inWords(error, text)));
}

const mergeMark = /^(<{7}|={7}|>{7})( |\r?$)/;
/** What means something else to YAML, at the beginning of a value; a "!" is seen by its tag. */
const beginsWithMark = /^(\s*(?:- +)*(?:[\w-]+: +)?)([@`%&*>|]|\{\{)|^(\s*(?:- +)*[\w-]+: +)([?-](?= ))/;
const marked = new Set<string>(['BAD_SCALAR_START', 'BAD_ALIAS', 'UNEXPECTED_TOKEN', 'NON_STRING_KEY', 'BLOCK_AS_IMPLICIT_KEY']);

const quoteMissing = 'a second ":" in one value: a text or an expression that holds ": " must stand in quotes';
/** What the library says of a line that does not stand where it should. */
const misindented = new Set<string>(['BLOCK_IN_FLOW', 'BLOCK_AS_IMPLICIT_KEY', 'MULTILINE_IMPLICIT_KEY', 'MISSING_CHAR', 'UNEXPECTED_TOKEN', 'BAD_INDENT']);
/** What word processors and other markup put in place of a dash, at the beginning of a line. */
const bullet = /^[ ]*([–—•·▪◦‣]|[*+](?=\s+[\w-]+:(?:\s|$)))\s+(?=\S)/;

function inWords({ code, message, pos: [offset] }: YAMLError | YAMLWarning, text: string): SyntaxProblem {
  const start = lineStart(text, offset);
  const line = text.slice(start, lineEnd(text, start));
  const indentation = /^\s*/.exec(line)![0];
  const before = text.slice(start, offset);
  if (mergeMark.test(line)) return { offset: start, message: 'a merge of two versions that was not finished: choose one, and take this line out', structural: true };
  const noSpace = indentation.search(/[^ \t\r]/);
  if (noSpace >= 0) return { offset: start + noSpace, message: 'a character that looks like a space and is none: type it anew', structural: true };
  if (code === 'TAB_AS_INDENT' || indentation.includes('\t')) return { offset: start + Math.max(0, indentation.indexOf('\t')), message: 'a tab: YAML is indented with spaces only', structural: true };
  if (/^\s*-[\p{L}_]/u.test(line)) return { offset: start + indentation.length, message: 'a space is missing after the dash', structural: true };
  const itemMark = bullet.exec(line);
  if (itemMark !== null) return { offset: start + indentation.length, message: `an item of a list begins with a hyphen and a space, "- ", not with "${itemMark[1]!}"`, structural: true };
  if (line.startsWith('//', indentation.length)) return { offset: start + indentation.length, message: 'a comment begins with "#", not with "//"', structural: true };
  const misplaced = misindented.has(code) ? firstMisindented(text, lineToJudge(code, text, offset, line, before)) : null;
  if (misplaced !== null) return { ...misplaced, structural: true };
  const onLine = text.slice(offset, lineEnd(text, offset));
  const next = indented(text, lineEnd(text, offset) + 1);
  const mark = beginsWithMark.exec(line);
  if (mark !== null && marked.has(code)) {
    const sign = mark[2] ?? mark[4]!;
    const quotes = { offset: start + (mark[1] ?? mark[3]!).length, message: `a text that begins with "${sign}" must stand in quotes` };
    return sign === '{{' ? { ...quotes, structural: true } : quotes;
  }
  switch (code) {
    case 'BLOCK_IN_FLOW': case 'BLOCK_AS_IMPLICIT_KEY':
      if (!/:(\s|$)/.test(onLine)) return { offset: next, message: tooDeep, structural: true };
      return { offset, message: before.includes('{') ? `${quoteMissing}, or a comma is missing` : quoteMissing };
    case 'MULTILINE_IMPLICIT_KEY':
      if (/^\s*(?:- +)*$/.test(before)) return { offset, message: colonMissing(onLine), structural: true };
      return before.includes('{') ? { offset, message: 'a comma is missing after this', structural: true } : { offset: next, message: tooDeep, structural: true };
    case 'MISSING_CHAR':
      if (message.startsWith('Implicit map keys')) return { offset, message: colonMissing(onLine), structural: true };
      if (message.startsWith('Sequence item without')) return { offset, message: tooShallow, structural: true };
      if (message.startsWith('Missing , or :')) return { offset, message: 'a comma is missing before this', structural: true };
      if (message.startsWith('Missing closing')) return { offset, message: `a text that began before this has no closing ${message.includes('"') ? '"' : "'"}`, structural: true };
      break;
    case 'UNEXPECTED_TOKEN':
      if (/^[}\]]/.test(onLine)) return { offset, message: `a "${onLine[0]!}" too many: nothing that it closes is open`, structural: true };
      if (before.trim() === '' && message.endsWith('at node end')) return { offset, message: message.includes('seq-item') ? 'is indented otherwise than the items above' : tooShallow, structural: true };
      if (/["'\]}]\s*$/.test(before) && message.startsWith('Unexpected scalar')) return { offset, message: `the value ends before this: put the whole of it into ${/'\s*$/.test(before) ? '"…"' : "'…'"}` };
      break;
    case 'BAD_INDENT': {
      if (message.startsWith('All mapping items')) return { offset, message: 'is indented otherwise than the members above', structural: true };
      const bracket = /end with a ([}\]])$/.exec(message)?.[1];
      if (bracket !== undefined) return { offset, message: `a "${bracket}" is missing before this`, structural: true };
      break;
    }
    case 'BAD_DQ_ESCAPE': return { offset, message: `"${text.slice(offset, offset + 2)}" means nothing in "…": write two backslashes, or put the text into '…'` };
    case 'NON_STRING_KEY': return { offset, message: 'a key must be a plain text' };
    default:
  }
  return { offset, message: `not valid YAML: ${message}`, structural: true };
}

/** The library may name the line above the one that is indented too far, or an empty one; of a line without a colon, itself. */
function lineToJudge(code: string, text: string, offset: number, line: string, before: string): number {
  const next = nextLine(text, offset);
  if (/^\s*(?:#|$)/.test(line)) return next;
  if (code !== 'MULTILINE_IMPLICIT_KEY' && code !== 'BLOCK_AS_IMPLICIT_KEY') return offset;
  return !/^\s*(?:- +)*$/.test(before) || (before.includes('-') && text.startsWith('- ', next)) ? next : offset;
}

/** Where the next line begins that holds something. */
function nextLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  const between = /^(?:\s*\n[ \t]*#[^\n]*)*\s*/.exec(text.slice(end, end + 2_000))![0].length;
  return end + between < text.length ? end + between : offset;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** The first character of a line that is no blank. */
const indented = (text: string, start: number): number => Math.min(text.length, start + /^[ \t]*/.exec(text.slice(start, start + 200))![0].length);
