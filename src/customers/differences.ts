import { byBytes } from './store-holdings.js';

/** An entry that is not the same in both lists; a side that does not have it is absent. */
export interface Difference<T> { readonly name: string; readonly from?: T | undefined; readonly to?: T | undefined }

export interface Comparison<T> {
  readonly from: AsyncIterable<T>;
  readonly to: AsyncIterable<T>;
  readonly nameOf: (entry: T) => string;
  readonly isSame: (one: T, other: T) => boolean;
  /** Called for each entry of the first list. */
  readonly onEntry: (entry: T) => Promise<void>;
}

/** Goes through two lists in the order of their names, at the same time; holds one entry of each. */
export async function* differences<T>({ from, to, nameOf, isSame, onEntry }: Comparison<T>): AsyncGenerator<Difference<T>> {
  const lists = [from[Symbol.asyncIterator](), to[Symbol.asyncIterator]()] as const;
  const next = async (list: AsyncIterator<T>): Promise<{ readonly name: string; readonly entry: T } | null> => {
    const { done, value } = await list.next() as IteratorResult<T, undefined>;
    return done === true ? null : { name: nameOf(value), entry: value };
  };
  try {
    let [one, other] = await Promise.all([next(lists[0]), next(lists[1])]);
    while (one !== null || other !== null) {
      const order = one === null ? 1 : other === null ? -1 : byBytes(one.name, other.name);
      const [ours, theirs] = [order <= 0 ? one : null, order >= 0 ? other : null];
      if (ours !== null) await onEntry(ours.entry);
      if (ours === null || theirs === null || !isSame(ours.entry, theirs.entry)) yield { name: (ours ?? theirs)!.name, from: ours?.entry, to: theirs?.entry };
      [one, other] = await Promise.all([ours === null ? one : next(lists[0]), theirs === null ? other : next(lists[1])]);
    }
  } finally {
    for (const list of lists) await list.return?.();
  }
}
