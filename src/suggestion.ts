import { distance } from 'fastest-levenshtein';

const comparedLength = 128;       // a longer name is no slip of the finger, and the distance costs its square

/** The candidate that was probably meant, or `undefined` where none is near: one slip in a short name, two in a longer
 *  one, three in a long one. Letters in the wrong case are no slip. Where none is, one that begins with the name. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > comparedLength) return undefined;
  const written = name.toLowerCase();
  let nearest: string | undefined;
  let nearestSteps = (name.length <= 3 ? 1 : name.length <= 8 ? 2 : 3) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= nearestSteps) continue;
    const steps = stepsBetween(written, candidate.toLowerCase());
    if (steps < nearestSteps) {
      nearest = candidate;
      nearestSteps = steps;
    }
  }
  return nearest ?? beginningWith(written, candidates);
}

/** The shortest that the name, as far as it goes, is the beginning of: "income" for "incomeYearly". */
function beginningWith(written: string, candidates: Iterable<string>): string | undefined {
  if (written.length < 3) return undefined;
  const longer = [...candidates].filter((candidate) => candidate.toLowerCase().startsWith(written));
  return longer.sort((a, b) => a.length - b.length)[0];
}

/** "; did you mean treatments?", or nothing where no candidate is near. `write`: how the candidate is to be shown. */
export function didYouMean(name: string, candidates: Iterable<string>, write: (candidate: string) => string = (candidate) => candidate): string {
  const nearest = suggest(name, candidates);
  return nearest === undefined ? '' : `; did you mean ${write(nearest)}?`;
}

/** Letters that have changed places are one slip, however short the name: "aeg" for "age". */
export function stepsBetween(name: string, candidate: string): number {
  const steps = distance(name, candidate);
  return steps === 2 && sorted(name) === sorted(candidate) ? 1 : steps;
}

const sorted = (letters: string): string => Array.from(letters).sort().join('');
