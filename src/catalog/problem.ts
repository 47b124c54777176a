/** Something wrong with a catalog's files, said to the person who wrote them. */
export interface Problem {
  /** Relative to the catalog folder, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** JSON Pointer (RFC 6901) into the file; "" is the whole file. */
  readonly path: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** "offers/card.yaml:12:5 /0/kind must be …"; the whole file's path is shown as "/". */
export function formatProblem({ file, line, column, path, message, severity }: Problem): string {
  return `${file}:${line}:${column} ${path === '' ? '/' : path} ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}

const shownAtMost = 2_000;

/** By file (code units), then by place; equal ones once. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...distinct.values()].sort((a, b) =>
    compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.path, b.path) || compareText(a.message, b.message));
}

/** Past 2,000 the rest is one line: nobody reads them, and they must not fill an answer. */
export function shownProblems(sorted: readonly Problem[]): readonly Problem[] {
  const rest = sorted.slice(shownAtMost);
  if (rest.length === 0) return sorted;
  const severity = rest.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
  return [...sorted.slice(0, shownAtMost), { ...rest[0]!, message: `and ${rest.length} more problems from here on`, severity }];
}

/** By code units, so that an order never depends on a machine's language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export type Path = readonly (string | number)[];

export function toPointer(path: Path): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function fromPointer(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
