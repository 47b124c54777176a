import { parse as parseCel } from '@bufbuild/cel';
import { childrenOf, type Node } from './ast.js';
import { convert } from './cel-ast.js';
import type { Problem } from './problem.js';
import { findSyntaxProblem } from './syntax-problem.js';
import { tokenize, type Token } from './tokens.js';

export const bounds = { length: 4096, depth: 64, nodes: 1000 } as const;

export type Parsed = { readonly ok: true; readonly node: Node } | { readonly ok: false; readonly problem: Problem };
const refuse = (offset: number, message: string): Parsed => ({ ok: false, problem: { offset, message } });

/** Parses a source within bounds. Never throws, and never hands the parser what is too long or nested too deeply. */
export function parse(source: string): Parsed {
  if (source.length > bounds.length) return refuse(bounds.length, `the expression has ${source.length} characters; at most ${bounds.length} are allowed`);
  const { tokens, problem } = tokenize(source);
  if (problem !== undefined) return { ok: false, problem };
  const deep = tooDeep(tokens);
  if (deep !== undefined) return refuse(deep.offset, `the expression is nested more than ${bounds.depth} deep`);
  const syntaxProblem = findSyntaxProblem(tokens);
  if (syntaxProblem !== undefined) return { ok: false, problem: syntaxProblem };
  let node: Node;
  try {
    node = convert(parseCel(withoutComments(source, tokens)), tokens);
  } catch (error) {
    return parserProblem(error, tokens);
  }
  return withinBounds(node) ?? { ok: true, node };
}

/** The source with blanks for its comments (which the parser cannot read everywhere), every token in its place. */
function withoutComments(source: string, tokens: readonly Token[]): string {
  if (!source.includes('//')) return source;
  let text = '';
  for (const token of tokens) text += ' '.repeat(token.offset - text.length) + token.text;
  return text;
}

const separators = new Set(['&&', '||', ',', '?', ':']);
/** Operators and dots in one operand. Each may be a level of the tree, which is counted exactly once there is one; this
 *  many would take a source of nothing else. */
const maxLinks = 512;

/** The first token where brackets, choices (`a ? b : c ? …`), signs (`!!!`) or a chain (`1 + 1 + …`) nest too deeply,
 *  before any recursion. */
function tooDeep(tokens: readonly Token[]): Token | undefined {
  let brackets = 0;
  let choices = 0;
  let signs = 0;
  let links = 0;
  for (const token of tokens) {
    if (token.kind !== 'operator') signs = 0;
    else {
      links = separators.has(token.text) ? 0 : links + 1;
      signs = token.text === '!' || token.text === '-' ? signs + 1 : 0;
      if ('([{'.includes(token.text)) brackets += 1;
      if (')]}'.includes(token.text)) brackets -= 1;
      if (token.text === '?') choices += 1;
    }
    if (brackets > bounds.depth || choices > bounds.depth || signs > bounds.depth || links > maxLinks) return token;
  }
  return undefined;
}

/** Reached only for what the recogniser takes and the parser does not: reserved words, and numbers out of range. */
function parserProblem(error: unknown, tokens: readonly Token[]): Parsed {
  if (error instanceof RangeError) return refuse(0, 'the expression is nested too deeply');
  const { location, rawMessage, message } = error as Error & { location?: { start?: { offset?: number } }; rawMessage?: string };
  const offset = location?.start?.offset ?? 0;
  if (/^reserved/.test(rawMessage ?? '')) return refuse(offset, `this word is reserved by the expression language; it cannot be a name${insteadOf(tokens.find((token) => token.offset === offset)?.text)}`);
  if (location === undefined) return refuse(0, message);
  return refuse(offset, 'the expression cannot be read from here on');
}

function insteadOf(word: string | undefined): string {
  if (word === 'else') return ': the last of several cases has no condition; elsewhere write condition ? a : b';
  return word === 'if' ? ': write condition ? a : b' : '';
}

/** Counts without recursion, since a chain such as 1 + 1 + … is as deep as it is long. */
function withinBounds(root: Node): Parsed | undefined {
  const pending: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 1 }];
  let count = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    count += 1;
    if (next.depth > bounds.depth) return refuse(next.node.offset, `the expression is nested more than ${bounds.depth} deep`);
    if (count > bounds.nodes) return refuse(next.node.offset, `the expression has more than ${bounds.nodes} parts; split it`);
    for (const child of childrenOf(next.node)) pending.push({ node: child, depth: next.depth + 1 });
  }
  return undefined;
}
