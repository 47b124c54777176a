/** What is read in order from the best on, and put in order only as far as it is read: of many that are left few are returned. */
export interface Ranked<T> {
  readonly length: number;
  /** From 0; `undefined` beyond the last. */
  at(index: number): T | undefined;
  all(): readonly T[];
}

/** As many are searched for one by one, each in a pass over the rest; for more, sorting is cheaper. */
const fewest = 8;

/** `compare`: below 0 where the first comes first. A total order, so that the outcome is that of sorting all. */
export function rankLazily<T>(items: readonly T[], compare: (a: T, b: T) => number): Ranked<T> {
  const list = [...items];
  let sorted = 0;
  const sortRest = (): void => {
    const rest = list.splice(sorted).sort(compare);
    for (const item of rest) list.push(item);
    sorted = list.length;
  };
  return {
    length: list.length,
    at: (index) => {
      while (sorted <= index && sorted < list.length) {
        if (sorted === fewest) sortRest();
        else bringBest(list, sorted++, compare);
      }
      return list[index];
    },
    all: () => {
      if (sorted < list.length) sortRest();
      return list;
    },
  };
}

function bringBest<T>(list: T[], from: number, compare: (a: T, b: T) => number): void {
  let best = from;
  for (let index = from + 1; index < list.length; index += 1) if (compare(list[index]!, list[best]!) < 0) best = index;
  const first = list[from]!;
  list[from] = list[best]!;
  list[best] = first;
}
