import type { Spot } from './spot.js';
import { didYouMean } from '../suggestion.js';

/** The names of one kind of thing, and whether what refers to them is right. */
export interface Names {
  /** False, and reported with both places, where there is one of this name already. */
  declare(name: string, spot: Spot): boolean;
  /** Every name; `undefined` where some could not be read. */
  all(): readonly string[] | undefined;
  /** Reports a name that nothing has, with a hint at what may have been meant. */
  check(name: string, spot: Spot): boolean;
  /** Some of them could not be read: from now on a name that is not found is not reported, since it may be among those. */
  incomplete(): void;
}

const listedAtMost = 8;

interface Wording {
  /** Says that there is none of a name. */
  readonly absent?: (name: string) => string;
  /** The file that would declare it, where each has its own. */
  readonly declaredIn?: (name: string) => string;
}

/** `word` is what they are called ("offer"). */
export function createNames(word: string, known: Iterable<string> = [], { absent = (name) => `there is no ${word} "${name}"`, declaredIn }: Wording = {}): Names {
  const places = new Map<string, Spot | null>([...known].map((name) => [name, null]));
  let complete = true;
  return {
    declare: (name, spot) => {
      const other = places.get(name);
      if (other !== undefined) {
        spot.error(`the ${word} "${name}" is there twice: first at ${other?.place ?? word}`);
        return false;
      }
      places.set(name, spot);
      return true;
    },
    all: () => (complete ? [...places.keys()] : undefined),
    check: (name, spot) => {
      if (places.has(name)) return true;
      if (complete) spot.error(absent(name) + hint(name, [...places.keys()], declaredIn));
      return false;
    },
    incomplete: () => {
      complete = false;
    },
  };
}

function hint(name: string, known: readonly string[], declaredIn: Wording['declaredIn']): string {
  const near = didYouMean(name, known);
  if (near !== '') return near;
  const few = known.length > 0 && known.length <= listedAtMost ? `; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}` : '';
  return declaredIn === undefined ? few : `${few}; it would be declared in ${declaredIn(name)}`;
}
