import { distance } from 'fastest-levenshtein';

const comparedLength = 128;       // a longer name is no slip of the finger, and the distance costs its square

/** "; did you mean treatments?", or nothing where no candidate is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  if (name.length > comparedLength) return '';
  const allowed = Math.max(1, Math.floor(name.length / 3));
  let nearest: string | undefined;
  let nearestDistance = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= nearestDistance) continue;
    const steps = stepsBetween(name.toLowerCase(), candidate.toLowerCase());
    if (steps < nearestDistance) {
      nearest = candidate;
      nearestDistance = steps;
    }
  }
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

/** Letters that have changed places are one slip, however short the name: "aeg" for "age". */
function stepsBetween(name: string, candidate: string): number {
  const steps = distance(name, candidate);
  return steps === 2 && sorted(name) === sorted(candidate) ? 1 : steps;
}

const sorted = (letters: string): string => Array.from(letters).sort().join('');
