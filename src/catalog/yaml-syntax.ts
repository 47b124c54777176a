import { isAlias, isNode, isPair, isScalar, visit, type Alias, type Document, type Node, type Pair, type YAMLError, type YAMLWarning } from 'yaml';

/** Where in the text, and what to do about it. `structural`: what comes after it in the file mostly comes of it. */
export interface SyntaxProblem { readonly offset: number; readonly message: string; readonly structural?: boolean }

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
  const found = [...said, ...unmeant(document).filter(({ isRest, offset }) => isRest !== true || !lines.has(lineOf(offset)))].sort((a, b) => a.offset - b.offset);
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
const beginsWithMark = /^(\s*(?:- +)*(?:[\w-]+: +)?)([@`%&*>|])/;
const marked = new Set<string>(['BAD_SCALAR_START', 'BAD_ALIAS', 'UNEXPECTED_TOKEN']);

const quoteMissing = 'a second ":" in one value: a text or an expression that holds ": " must stand in quotes';
const tooShallow = 'is indented less than the members above, and begins no new item ("- ")';
const tooDeep = 'is indented more than the line above, which has a value already';

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
  const onLine = text.slice(offset, lineEnd(text, offset));
  const next = indented(text, lineEnd(text, offset) + 1);
  const mark = beginsWithMark.exec(line);
  if (mark !== null && marked.has(code)) return { offset: start + mark[1]!.length, message: `a text that begins with "${mark[2]}" must stand in quotes` };
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
      if (before.trim() === '' && message.endsWith('at node end')) return { offset, message: message.includes('seq-item') ? 'is indented otherwise than the items above' : tooShallow, structural: true };
      if (/["'\]}]\s*$/.test(before) && message.startsWith('Unexpected scalar')) return { offset, message: `the value ends before this: put the whole condition into ${/'\s*$/.test(before) ? '"…"' : "'…'"}` };
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

function colonMissing(whole: string): string {
  const line = whole.slice(0, 200);
  const [, name = '', rest = ''] = /^([^\s:]+):?\s*(.*)$/.exec(line.trim()) ?? [];
  const written = rest === '' ? '' : `: write it as "${name.slice(0, 40)}: ${rest.slice(0, 40)}"`;
  return /^[^\s:]+:\S/.test(line) ? `a space is missing after the colon${written}` : `a colon is missing${written}`;
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** The first character of a line that is no blank. */
const indented = (text: string, start: number): number => Math.min(text.length, start + /^[ \t]*/.exec(text.slice(start, start + 200))![0].length);

const commaSplits = 'a comma splits this: a decimal number is written with a point (0.05), a text with a comma stands in quotes';

function unmeant(document: Document.Parsed): (SyntaxProblem & { readonly isRest?: boolean })[] {
  const found: (SyntaxProblem & { readonly isRest?: boolean })[] = [];
  const anchors = new Set<string | undefined>();
  const named = (_key: unknown, { anchor }: { readonly anchor?: string }): void => {
    anchors.add(anchor);
  };
  visit(document, {
    Scalar: named,
    Seq: named,
    Map: (_key, { items, flow, anchor }) => {
      anchors.add(anchor);
      // The library's own check compares every key with every other: 100,000 keys would take minutes.
      const names = new Set<string>();
      for (const [index, pair] of items.entries()) {
        const name = keyText(document, pair.key);
        if (name === undefined) continue;
        const offset = (pair.key as Node).range?.[0] ?? 0;
        if (flow === true && pair.value === null) found.push({ offset, message: valueMissing(name, index) });
        else if (names.has(name)) found.push({ offset, message: `member "${name.slice(0, 60)}" is given twice` });
        else if (flow !== true && isPlain(pair) && /^-[\p{L}_]/u.test(name)) found.push({ offset, message: 'a space is missing after the dash' });
        names.add(name);
      }
    },
    Alias: (_key, alias, around) => {
      // Looked for here: to resolve an alias, the library goes through the whole file.
      if (!anchors.has(alias.source)) found.push({ offset: alias.range?.[0] ?? 0, message: `nothing above is named &${alias.source}: a text that begins with "*" must stand in quotes`, isRest: true });
      else if (isWithinItself(document, alias, around)) found.push({ offset: alias.range?.[0] ?? 0, message: `*${alias.source} stands within what it repeats (&${alias.source}), which would never end` });
    },
  });
  return found;
}

/** Its name first: to resolve an alias, the library goes through the whole file. */
function isWithinItself(document: Document.Parsed, alias: Alias, around: readonly (Document | Node | Pair)[]): boolean {
  return around.some((outer) => isNode(outer) && !isAlias(outer) && outer.anchor === alias.source) && around.includes(alias.resolve(document)!);
}

/** Of the first in its braces no comma stands before it, so that it cannot be the rest of a split text. */
function valueMissing(name: string, index: number): string {
  return index > 0 ? commaSplits : colonMissing(name);
}

const isPlain = (pair: unknown): boolean => isPair(pair) && isScalar(pair.key) && pair.key.type === 'PLAIN';

function keyText(document: Document.Parsed, key: unknown): string | undefined {
  const node = isAlias(key) ? key.resolve(document) : key;
  return isScalar(node) ? String(node.value) : undefined;
}

