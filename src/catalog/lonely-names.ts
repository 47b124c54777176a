import { stepsBetween } from '../suggestion.js';

/** A name that no file declares: it is what it is by being used, so that a slip makes another one. */
export interface NameUse { readonly name: string; warn(message: string): void }

/**
 * Of names that are used in one place alone, warns where it is one slip from another that is used more often, or is known.
 * One slip, no more: of names that people make up, two that are alike are often meant (terms-1 and terms-2).
 */
export function warnOfLonelyNames(uses: readonly NameUse[], known: readonly string[], message: (name: string, meant: string) => string): void {
  const times = new Map<string, number>();
  for (const { name } of uses) times.set(name, (times.get(name) ?? 0) + 1);
  const settled = [...new Set([...known, ...[...times].filter(([, count]) => count > 1).map(([name]) => name)])];
  for (const { name, warn } of uses) {
    if (times.get(name) !== 1 || settled.includes(name)) continue;
    const meant = settled.find((other) => isOneSlip(name, other));
    if (meant !== undefined) warn(message(name, meant));
  }
}

const lettersAtLeast = 4;
const lettersAtMost = 128;
/** Shorter words are one letter from others that are as right: loan and load, car and card. */
const wordLettersAtLeast = 6;

/** Of a name of several words ("car-loan") the word counts that differs. */
function isOneSlip(name: string, other: string): boolean {
  const [a, b] = [plain(name), plain(other)];
  if (Math.min(a.length, b.length) < lettersAtLeast || Math.max(a.length, b.length) > lettersAtMost || digitsOf(a) !== digitsOf(b)) return false;
  if (a === b) return true;
  if (a[0] !== b[0] || stepsBetween(a, b) > 1 || withoutLetters(name) === withoutLetters(other)) return false;
  const [word, otherWord] = wordsThatDiffer(name, other) ?? [a, b];
  return haveChangedPlaces(word, otherWord) || Math.min(word.length, otherWord.length) >= wordLettersAtLeast;
}

function wordsThatDiffer(name: string, other: string): readonly [string, string] | undefined {
  const [words, others] = [wordsOf(name), wordsOf(other)];
  const at = words.findIndex((word, index) => word !== others[index]);
  return words.length === others.length && at >= 0 ? [words[at]!, others[at]!] : undefined;
}

/** Of two that are one slip apart. */
const haveChangedPlaces = (word: string, other: string): boolean => word.length === other.length && Array.from(word).filter((letter, index) => letter !== other[index]).length > 1;

const separators = /[-_. ]|(?<=[a-z])(?=[A-Z])/;
const wordsOf = (name: string): readonly string[] => name.split(separators).map((word) => word.toLowerCase());
/** "terms-a" and "terms-b" are meant to differ so. */
const withoutLetters = (name: string): string => wordsOf(name).filter((word) => word.length > 1).join('-');

/** Without what is easily written otherwise: "e-mail" and "Email" are one. */
const plain = (name: string): string => name.toLowerCase().replace(/[-_. ]/g, '');
const digitsOf = (name: string): string => name.replace(/\D/g, '');
