import type { Token } from './tokens.js';

/** "SEK", not "for" or "day": of three letters nearly every one could be a word. */
const currencyCodes: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const currencyWords = /^(?:kr|euros?|dollars?|[$€£¥])$/i;
const magnitudes: Readonly<Record<string, number>> = { k: 1_000, thousand: 1_000, million: 1_000_000, millions: 1_000_000, mio: 1_000_000, mn: 1_000_000, bn: 1_000_000_000 };

/** What to write for a number as people write it on paper: 200 000, 0,05, 50 %, 120 kr; `undefined`: it is none. */
export function numberHabitAt(tokens: readonly Token[], index: number): string | undefined {
  const [before, token, after] = [tokens[index - 1], tokens[index]!, tokens[index + 1]];
  if (before?.text === '%' && tokens[index - 2]?.kind === 'number') return `a share is written as a number: ${plain(Number(tokens[index - 2]!.text) / 100)} for ${tokens[index - 2]!.text} %`;
  const isMoney = (each: Token | undefined): boolean => each !== undefined && (currencyWords.test(each.text) || currencyCodes.has(each.text));
  if ((before?.kind === 'number' && isMoney(token)) || (token.kind === 'number' && isMoney(before)) || (isMoney(token) && token.kind === 'other' && after?.kind === 'number')) return 'an amount is written without its currency, which is that of the catalog';
  if (before?.kind !== 'number') return undefined;
  const magnitude = magnitudes[token.text.toLowerCase()];
  if (magnitude !== undefined) return `write ${plain(Number(before.text) * magnitude)}`;
  if (/^_\d/.test(token.text)) return `write ${before.text}${token.text.replaceAll('_', '')}`;
  // In a list, or among arguments, a comma stands between two of them.
  if (opensList.has(tokens[index - 2]?.text ?? '')) return undefined;
  const groups = groupsFrom(tokens, index);
  if (token.text === ',' && after?.kind === 'number') return groups === '' || before.text === '0' ? `write ${before.text}.${after.text}` : commaOrThousands(before.text, groups);
  return token.kind === 'number' && groups !== '' ? `write ${before.text}${groups}` : undefined;
}

const opensList: ReadonlySet<string> = new Set(['(', '[', '{', ',', 'in']);

/** The groups of three digits that go on with a number, behind commas or blanks. */
function groupsFrom(tokens: readonly Token[], index: number): string {
  let digits = '';
  for (let at = index; ; at += 1) {
    if (tokens[at]?.text === ',') at += 1;
    if (!/^\d{3}$/.test(tokens[at]?.text ?? '')) return digits;
    digits += tokens[at]!.text;
  }
}

function commaOrThousands(start: string, groups: string): string {
  return groups.length > 3 ? `write ${start}${groups}` : `write ${start}${groups}, or ${start}.${groups} where the comma stands before decimals`;
}

/** Without what binary fractions leave behind. */
const plain = (number: number): string => String(Number(number.toPrecision(12)));
