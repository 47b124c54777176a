import type { Path, Problem } from './problem.js';
import type { YamlFile } from './yaml-file.js';

/** A place in a file where something can be wrong. Problems go to the list that the spot was made with. */
export interface Spot {
  readonly file: string;
  /** "offers/card.yaml:12", to name the other place of two. */
  readonly place: string;
  /** A place below this one. */
  at(...path: Path): Spot;
  error(message: string): void;
  /** Points at the key that the value stands under. */
  errorAtKey(message: string): void;
  /** Points `offset` characters into a text. */
  errorInside(offset: number, message: string): void;
  warn(message: string): void;
}

export function spotIn(yaml: YamlFile, problems: Problem[], path: Path = []): Spot {
  return {
    file: yaml.file,
    get place() {
      return `${yaml.file}:${yaml.problemAt(path, '').line}`;
    },
    at: (...below) => spotIn(yaml, problems, [...path, ...below]),
    error: (message) => void problems.push(yaml.problemAt(path, message)),
    errorAtKey: (message) => void problems.push(yaml.problemAt(path, message, { key: true })),
    errorInside: (offset, message) => void problems.push(yaml.problemAt(path, message, { offset })),
    warn: (message) => void problems.push(yaml.problemAt(path, message, { severity: 'warning' })),
  };
}

/** The items of a list that fit their schema, each with its place. */
export function itemsOf<T>(list: readonly (T | undefined)[] | undefined, spot: Spot): readonly { readonly item: T; readonly at: Spot }[] {
  return (list ?? []).flatMap((item, index) => (item === undefined ? [] : [{ item, at: spot.at(index) }]));
}
