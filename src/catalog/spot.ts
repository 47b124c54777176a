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
  warnInside(offset: number, message: string): void;
}

export const spotIn = (yaml: YamlFile, problems: Problem[], path: Path = []): Spot => new PlaceInFile(yaml, problems, path);

/** A class, since there is one for each of a hundred thousand values, nearly all of which are right: an object of
 *  functions is ten times as large. */
class PlaceInFile implements Spot {
  constructor(private readonly yaml: YamlFile, private readonly problems: Problem[], private readonly path: Path) {}

  get file(): string {
    return this.yaml.file;
  }

  get place(): string {
    return `${this.yaml.file}:${this.yaml.problemAt(this.path, '').line}`;
  }

  at(...below: Path): Spot {
    return new PlaceInFile(this.yaml, this.problems, [...this.path, ...below]);
  }

  error(message: string): void {
    this.problems.push(this.yaml.problemAt(this.path, message));
  }

  errorAtKey(message: string): void {
    this.problems.push(this.yaml.problemAt(this.path, message, { key: true }));
  }

  errorInside(offset: number, message: string): void {
    this.problems.push(this.yaml.problemAt(this.path, message, { offset }));
  }

  warn(message: string): void {
    this.problems.push(this.yaml.problemAt(this.path, message, { severity: 'warning' }));
  }

  warnInside(offset: number, message: string): void {
    this.problems.push(this.yaml.problemAt(this.path, message, { offset, severity: 'warning' }));
  }
}

/** The items of a list that fit their schema, each with its place. */
export function itemsOf<T>(list: readonly (T | undefined)[] | undefined, spot: Spot): readonly { readonly item: T; readonly at: Spot }[] {
  return (list ?? []).flatMap((item, index) => (item === undefined ? [] : [{ item, at: spot.at(index) }]));
}
