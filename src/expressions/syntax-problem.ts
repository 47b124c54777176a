import { habitAt } from './habits.js';
import type { Problem } from './problem.js';
import type { Token } from './tokens.js';

const binary = new Set(['&&', '||', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%']);
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
class Unexpected extends Error {
  constructor(readonly token: Token, readonly expected: string) { super(expected); }
}

/** Says in plain words what keeps the tokens from being an expression: "expected a value after ">="". `undefined`
 *  where nothing is found. A recogniser of CEL's grammar by recursive descent; brackets must not nest deeply. */
export function findSyntaxProblem(tokens: readonly Token[]): Problem | undefined {
  try {
    if (tokens.length === 1) return { offset: 0, message: 'the expression is empty' };
    recognise(tokens);
    return undefined;
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    return describe(tokens, error);
  }
}

function describe(tokens: readonly Token[], { token, expected }: Unexpected): Problem {
  const code = token.text.codePointAt(0) ?? 0;
  if (token.kind === 'other' && unseen.test(token.text)) return { offset: token.offset, length: token.text.length, message: `a character that cannot be seen, or looks like a space and is none (U+${code.toString(16).toUpperCase().padStart(4, '0')}): take it out, or type the space anew` };
  const index = tokens.indexOf(token);
  const before = tokens[index - 1];
  const hint = habitAt(tokens, index);
  const place = before === undefined ? ' at the start' : ` after ${quoted(before)}`;
  const found = token.kind === 'end' ? ', where the expression ends' : `, found ${quoted(token)}`;
  return { offset: token.offset, length: token.text.length, message: `expected ${expected}${place}${found}${hint === undefined ? '' : `; ${hint}`}` };
}

/** Blanks other than the space, joiners, marks of direction: what comes along from a word processor. */
const unseen = /^[\p{Z}\p{Cf}]/u;

const quoted = (token: Token): string => (token.kind === 'string' ? token.text.slice(0, 40) : `"${token.text.slice(0, 40)}"`);

function recognise(tokens: readonly Token[]): void {
  let at = 0;
  const current = (): Token => tokens[at]!;
  const is = (text: string): boolean => current().kind === 'operator' && current().text === text;
  const accept = (text: string): boolean => is(text) && ++at > 0;
  const need = (text: string, expected: string): void => {
    if (!accept(text)) throw new Unexpected(current(), expected);
  };

  const expression = (): void => {
    operand();
    while (current().kind === 'operator' && binary.has(current().text) || current().text === 'in') {
      at += 1;
      operand();
    }
    if (!accept('?')) return;
    expression();
    need(':', '":" (the choice is condition ? a : b)');
    expression();
  };
  const operand = (): void => {
    while (is('!') || is('-')) at += 1;
    primary();
    for (;;) {
      if (accept('.')) {
        if (current().kind !== 'name') throw new Unexpected(current(), 'a field\'s name');
        at += 1;
        if (is('(')) list('(');
      } else if (is('[')) {
        at += 1;
        expression();
        need(']', '"]" or an operator');
      } else if (is('{')) throw new Unexpected(current(), 'an operator');
      else return;
    }
  };
  const primary = (): void => {
    const token = current();
    if (token.text === 'in') throw new Unexpected(token, 'a value');
    if (token.kind === 'number' || token.kind === 'string') at += 1;
    else if (token.kind === 'name' || accept('.')) {
      if (current().kind !== 'name') throw new Unexpected(current(), 'a name');
      at += 1;
      if (is('(')) list('(');
    } else if (accept('(')) {
      expression();
      need(')', '")" or an operator');
    } else if (is('[') || is('{')) list(token.text);
    else throw new Unexpected(token, 'a value');
  };
  /** Arguments, elements or entries, with their brackets; a list and a map may end with a comma. */
  const list = (open: string): void => {
    const close = closing[open]!;
    at += 1;
    while (!accept(close)) {
      expression();
      if (open === '{') {
        need(':', '":" (a map is {key: value})');
        expression();
      }
      if (is(close)) continue;
      need(',', `"," or "${close}"`);
      if (open === '(' && is(')')) throw new Unexpected(current(), 'a value');
    }
  };

  expression();
  if (current().kind !== 'end') throw new Unexpected(current(), 'an operator');
}
