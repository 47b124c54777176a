import { closest, distance } from 'fastest-levenshtein';

/** The candidate that was probably meant, or `undefined` where none is close: one slip in a short word, two in a longer
 *  one, three in a long one; a difference in case only is no slip. */
export function suggest(written: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || written.length > 100) return undefined;
  const lower = written.toLowerCase();
  const sameLetters = candidates.find((candidate) => candidate.toLowerCase() === lower);
  if (sameLetters !== undefined) return sameLetters;
  const best = closest(written, candidates);
  const allowed = written.length <= 3 ? 1 : written.length <= 8 ? 2 : 3;
  return distance(written, best) <= allowed ? best : undefined;
}

/** "; did you mean x?", or nothing. */
export function didYouMean(written: string, candidates: readonly string[], write: (candidate: string) => string = (candidate) => candidate): string {
  const best = suggest(written, candidates);
  return best === undefined ? '' : `; did you mean ${write(best)}?`;
}
