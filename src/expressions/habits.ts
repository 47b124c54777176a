import { numberHabitAt } from './number-habits.js';
import type { Token } from './tokens.js';

/** What people write out of habit, and what CEL has in its place. */
const habits: Readonly<Record<string, string>> = {
  '=': 'write == to compare', '===': 'write == to compare', '!==': 'write != to compare', '&': 'write && for "and"', '|': 'write || for "or"', and: 'write && in place of "and"', or: 'write || in place of "or"', not: 'write ! in place of "not"',
  is: 'write == in place of "is"', '<>': 'write != in place of "<>"', '=>': 'write >= in place of "=>"', '=<': 'write <= in place of "=<"', '“': 'write straight quotes: "', '”': 'write straight quotes: "', '‘': 'write straight quotes: "', '’': 'write straight quotes: "',
  '„': 'write straight quotes: "', '‚': 'write straight quotes: "', '‟': 'write straight quotes: "', '«': 'write straight quotes: "', '»': 'write straight quotes: "', '‹': 'write straight quotes: "', '›': 'write straight quotes: "', '″': 'write straight quotes: "', '′': 'write straight quotes: "', '´': 'write straight quotes: "',
  '−': 'write - in place of −', '–': 'write - in place of –', '—': 'write - in place of —', '×': 'write * in place of ×', '÷': 'write / in place of ÷', '=~': 'write text.contains("x"), text.startsWith("x") or text.endsWith("x")',
  '`': 'write straight quotes: "', '≤': 'write <= in place of ≤', '≥': 'write >= in place of ≥', '≠': 'write != in place of ≠', ';': 'an expression has no ";"', '{': 'objects of a named type, Name{…}, are not available', '$': 'a name has no "$"', '#': 'a comment starts with //',
  'not in': 'write !(a in b) in place of "a not in b"', 'is not': 'write != in place of "is not"',
  'is null': 'write !has(customer.age) in place of "is null"', 'not null': 'write has(customer.age) in place of "is not null"', 'is missing': 'write !has(customer.age) in place of "is missing"', 'is empty': 'write size(a) == 0 in place of "is empty"',
  between: 'write a >= 1 && a <= 9 in place of "between"', contains: 'write "x" in list, or text.contains("x")', has: 'write "x" in list, or text.contains("x")',
  like: 'write text.contains("x"), text.startsWith("x") or text.endsWith("x")', startswith: 'write text.startsWith("x")', endswith: 'write text.endsWith("x")', xor: 'write a != b in place of "xor"', mod: 'write % in place of "mod"',
  equals: 'write == in place of "equals"', 'is greater': 'write > in place of "is greater than"', 'is more': 'write > in place of "is more than"', 'is above': 'write > in place of "is above"', 'is over': 'write > in place of "is over"',
  'is less': 'write < in place of "is less than"', 'is below': 'write < in place of "is below"', 'is under': 'write < in place of "is under"',
  if: 'write condition ? a : b', then: 'write condition ? a : b',
};
const timeUnits: ReadonlySet<string> = new Set(['d', 'h', 'm', 's', 'w', 'y', 'day', 'days', 'hour', 'hours', 'week', 'weeks', 'month', 'months', 'year', 'years', 'hrs', 'min', 'mins', 'minute', 'minutes', 'sec', 'second', 'seconds', 'yr', 'yrs']);

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '=', 'in']);

/** What to write in place of what stands at `index`, where the expression could not go on; `undefined`: nobody can tell. */
export function habitAt(tokens: readonly Token[], index: number): string | undefined {
  const [before, token, after] = [tokens[index - 1], tokens[index]!, tokens[index + 1]];
  if (token.text === ',' && isAmongAlternatives(tokens, index)) return 'a list is written in square brackets: in ["a", "b"]';
  const number = numberHabitAt(tokens, index);
  if (number !== undefined) return number;
  if ((token.text === ')' || token.text === ']') && !isOpen(tokens, index)) return `there is no "${token.text === ')' ? '(' : '['}" for it`;
  if (token.text === '=' && before === undefined) return 'a condition does not begin with "="';
  if (before?.text === 'has' && token.kind === 'name') return 'write has(customer.age), with brackets';
  if (before?.kind === 'number' && timeUnits.has(token.text.toLowerCase())) return 'a span of time is written duration("30d"), in days, hours (h) or minutes (m)';
  if ((before?.text === '&&' || before?.text === '||') && comparisons.has(token.text)) return `each side of ${before.text} is a whole comparison: a != "b" ${before.text} a != "c"`;
  const isAdjacent = after?.offset === token.offset + token.text.length;
  const name = (each: Token | undefined): string => each?.text.toLowerCase() ?? '';
  const previous = name(before);
  const written = [
    // "is not null" and "is not": found at the "is".
    name(token) === 'is' && name(after) === 'not' && name(tokens[index + 2]) === 'null' ? 'not null' : '',
    `${name(token)} ${name(after)}`, token.text + (isAdjacent ? after.text : ''), (before?.text ?? '') + token.text, name(token), previous === '=' || previous === 'not' || previous === 'if' ? previous : '',
  ];
  const found = written.find((text) => Object.hasOwn(habits, text));
  return found === undefined ? undefined : habits[found];
}

/** Whether a bracket of either sort is still open before this. */
function isOpen(tokens: readonly Token[], index: number): boolean {
  const before = tokens.slice(0, index).map(({ text }) => text);
  return before.filter((text) => text === '(' || text === '[').length > before.filter((text) => text === ')' || text === ']').length;
}

/** The comma of `in ("a", "b")`, of `in {"a", "b"}`, or of `in "a", "b"`. */
function isAmongAlternatives(tokens: readonly Token[], index: number): boolean {
  let start = index - 1;
  if (tokens[start]?.kind !== 'string' && tokens[start]?.kind !== 'number' && tokens[start]?.kind !== 'name') return false;
  if (tokens[start - 1]?.text === '(' || tokens[start - 1]?.text === '{') start -= 1;
  return tokens[start - 1]?.text === 'in';
}
