/** A list or a mapping that is open where a line begins, and the column (from 0) of its dashes or names. */
interface Block {
  readonly kind: 'list' | 'mapping';
  readonly column: number;
  /** Of a list: the first member of its items, where they are mappings. */
  firstName?: string | undefined;
  /** The last name or dash has nothing behind it yet: what is indented more is its value. */
  isOpen: boolean;
}

/** What a line begins with, behind its blanks. */
type Start = { readonly kind: 'dash'; readonly column: number } | { readonly kind: 'name'; readonly column: number; readonly name: string } | { readonly kind: 'text'; readonly column: number };

export interface Misindented { readonly offset: number; readonly message: string }

export const tooShallow = 'is indented less than the members above, and begins no new item ("- "): begin it where they begin';
/** It is read without a pause. */
const charactersAtMost = 32_768;

export const tooDeep = 'is indented more than the line above, which has a value already: begin both in the same column';
const dashMissing = 'a dash is missing before this: the items above begin with "- "';
const noList = 'a dash begins an item, and the lines above are members of no list: take the dash away, or begin the first of them with one, too';
const notIndented = 'the lines of a text after "|" or ">" are indented more than its name';

/**
 * The first line that does not stand where the lines above let it stand, from the list's item that `offset` lies in up to
 * its line. Asked only of a text that is no YAML, since the library says where it gave up, which is often a line too late.
 * `null`: none is found, or a value goes on over lines in a way that is not looked into.
 */
export function firstMisindented(text: string, offset: number): Misindented | null {
  let start = Math.max(0, text.lastIndexOf('\n- ', offset - 2) + 1);
  if (offset - start > charactersAtMost) return null;
  const blocks: Block[] = [];
  let foldedBelow: number | null = null;         // the column of the name whose text goes on below
  while (start <= offset && start < text.length) {
    const end = text.indexOf('\n', start) < 0 ? text.length : text.indexOf('\n', start);
    const line = text.slice(start, end).replace(/\r$/, '');
    const column = line.search(/[^ ]/);
    const isSkipped = column < 0 || line[column] === '#' || (foldedBelow !== null && column > foldedBelow);
    if (!isSkipped) {
      const { starts, value } = startsOf(line, column);
      const found = misplaced(blocks, starts[0]!, foldedBelow);
      if (found !== null) return { offset: start + column, message: found };
      for (const each of starts.slice(1)) open(blocks, each);
      if (goesOn(value)) return null;
      foldedBelow = /^[|>][-+\d]*(?:\s|$)/.test(value) ? starts.findLast(({ kind }) => kind !== 'text')?.column ?? null : null;
      const top = blocks.at(-1);
      if (top !== undefined) top.isOpen = value === '' && starts.at(-1)!.kind !== 'text';
    }
    start = end + 1;
  }
  return null;
}

const named = /^("[^"]*"|'[^']*'|[^\s"'#[\]{}][^:#]*?) *:(?:\s+|$)/;

/** The dashes of a line and the name behind them, and what is left: a value. */
function startsOf(line: string, from: number): { readonly starts: readonly Start[]; readonly value: string } {
  const starts: Start[] = [];
  let column = from;
  while (/^-(?:\s|$)/.test(line.slice(column))) {
    starts.push({ kind: 'dash', column });
    const next = line.slice(column + 1).search(/\S/);
    if (next < 0) return { starts, value: '' };
    column += 1 + next;
  }
  const rest = line.slice(column);
  const name = named.exec(rest);
  if (name !== null) starts.push({ kind: 'name', column, name: name[1]! });
  else starts.push({ kind: 'text', column });
  return { starts, value: (name === null ? rest : rest.slice(name[0].length)).replace(/(?:^|\s+)#.*$/, '').trimEnd() };
}

/** A value in quotes or brackets that its line does not close. */
function goesOn(value: string): boolean {
  const [first] = value;
  if (first === '"' || first === "'") return value.length < 2 || !value.slice(1).includes(first);
  return (first === '[' || first === '{') && value.split(/[[{]/).length > value.split(/[\]}]/).length;
}

/** What is wrong with where a line starts; else opens what it opens. */
function misplaced(blocks: Block[], start: Start, textAbove: number | null): string | null {
  let closed: Block | undefined;
  let closedList: Block | undefined;
  while ((blocks.at(-1)?.column ?? -1) > start.column) {
    closed = blocks.pop();
    if (closed!.kind === 'list') closedList = closed;
  }
  const top = blocks.at(-1);
  if (top === undefined) {
    if (closed === undefined) open(blocks, start);
    return closedList !== undefined && start.kind === 'dash' ? otherColumn(start.column, closedList) : null;
  }
  if (top.column === start.column) return besides(blocks, top, start, closedList, textAbove);
  if (top.isOpen && closed === undefined) {
    open(blocks, start);
    return null;
  }
  if (start.kind === 'text') return null;
  const list = closedList ?? blocks.findLast(({ kind }) => kind === 'list');
  if (start.kind === 'dash') return list === undefined ? noList : otherColumn(start.column, list);
  return closed === undefined ? tooDeep : `is indented otherwise than the members above, which begin in column ${closed.column + 1}`;
}

/** In the column of a block. */
function besides(blocks: Block[], top: Block, start: Start, closedList: Block | undefined, textAbove: number | null): string | null {
  if (start.kind === 'dash') {
    if (top.kind === 'list') return null;
    // "offers:" may have its dashes in its own column.
    if (top.isOpen) open(blocks, start);
    else if (closedList === undefined && !blocks.some(({ kind }) => kind === 'list')) return noList;
    else return otherColumn(start.column, closedList ?? blocks.findLast(({ kind }) => kind === 'list')!);
    return null;
  }
  if (top.kind === 'mapping') return start.kind === 'text' && textAbove !== null ? notIndented : null;
  const below = blocks.at(-2);
  if (below?.column === start.column) {
    blocks.pop();
    return null;
  }
  return start.kind === 'text' || start.name === top.firstName ? dashMissing : tooShallow;
}

function open(blocks: Block[], start: Start): void {
  if (start.kind === 'text') return;
  const top = blocks.at(-1);
  if (start.kind === 'name' && top?.kind === 'list') top.firstName ??= start.name;
  const kind = start.kind === 'dash' ? 'list' : 'mapping';
  if (top?.kind === kind && top.column === start.column) return;
  if (top !== undefined) top.isOpen = false;
  blocks.push({ kind, column: start.column, isOpen: false });
}

const otherColumn = (column: number, list: Block): string => `this dash is in column ${column + 1}, those of the items above are in column ${list.column + 1}: begin it there`;
