import type { Problem } from './problem.js';

export interface Token { readonly kind: 'number' | 'string' | 'name' | 'operator' | 'other' | 'end'; readonly text: string; readonly offset: number }

const blank = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y;
const number = /0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?/y;
const name = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const operator = /&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}]/y;
const stringStart = /([rRbB]{0,2})("""|'''|"|')/y;
const escape = /\\(?:[abfnrtv\\?"'`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/y;

/** Cuts a source into tokens, the last of kind `end`. Linear in its length; it stops at a problem in a string. */
export function tokenize(source: string): { readonly tokens: readonly Token[]; readonly problem?: Problem } {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const push = (kind: Token['kind'], text: string): void => {
    tokens.push({ kind, text, offset: at });
    at += text.length;
  };
  while (at < source.length) {
    const space = match(blank);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    if (match(stringStart) !== undefined) {
      const literal = readString(source, at);
      if (typeof literal !== 'string') return { tokens, problem: literal };
      push('string', literal);
      continue;
    }
    const text = match(number);
    if (text !== undefined) {
      push('number', text);
      continue;
    }
    const word = match(name);
    if (word !== undefined) push('name', word);
    else push(match(operator) === undefined ? 'other' : 'operator', match(operator) ?? String.fromCodePoint(source.codePointAt(at)!));
  }
  push('end', '');
  return { tokens };
}

/** The literal that starts at `start`, or what is wrong with it. */
function readString(source: string, start: number): string | Problem {
  stringStart.lastIndex = start;
  const [opening = '', prefix = '', quote = ''] = stringStart.exec(source) ?? [];
  const raw = /r/i.test(prefix);
  let at = start + opening.length;
  while (at < source.length) {
    if (source.startsWith(quote, at)) return source.slice(start, at + quote.length);
    const character = source[at]!;
    if (quote.length === 1 && (character === '\n' || character === '\r')) break;
    if (character === '\\' && !raw) {
      escape.lastIndex = at;
      const sequence = escape.exec(source)?.[0];
      if (sequence === undefined) return { offset: at, length: 2, message: `${source.slice(at, at + 2)} means nothing in a text; write \\\\ for a backslash` };
      at += sequence.length;
    } else at += character === '\\' ? Math.min(2, source.length - at) : 1;
  }
  return { offset: start, message: `the text that starts here has no closing ${quote}${quote.length === 1 ? ' in its line' : ''}` };
}
