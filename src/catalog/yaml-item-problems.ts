import type { Pause } from './pauses.js';
import { readQuickly } from './quick-yaml.js';
import { readYamlDocument, type NoYaml } from './yaml-document.js';
import { shownAtMost, type SyntaxProblem } from './yaml-syntax.js';

/** What spoils more items than these is judged by the whole. */
const itemsAtOnce = 16;
/** And so are items longer than this together, which are read without a pause. */
const charactersAtOnce = 32_768;

/**
 * What is wrong with a list, as would be said of the whole, from its items alone: from the first on that cannot be read.
 * `null`: they do not tell, since the mistake reaches too far (a quote that nothing closes), or a part of one has a name
 * or may be another part again, or nothing is wrong with any.
 */
export async function problemsOfItems(text: string, starts: readonly number[], first: number, pause: Pause): Promise<readonly SyntaxProblem[] | null> {
  const found: SyntaxProblem[] = [];
  for (let place = first; place < starts.length;) {
    const read = readQuickly(text.slice(starts[place], starts[place + 1])) === null ? settledProblems(text, starts, place) : { problems: [], items: 1 };
    if (read === null) return null;
    found.push(...read.problems.map((problem) => ({ ...problem, offset: starts[place]! + problem.offset })));
    if (found.length >= shownAtMost || found.at(-1)?.structural === true) return found.slice(0, shownAtMost);
    place += read.items;
    await pause();
  }
  return found.length === 0 ? null : found;
}

/** Of the item, and of those after it that it draws in: settled where twice as many items change nothing in it, or where no others come. */
function settledProblems(text: string, starts: readonly number[], place: number): { readonly problems: readonly SyntaxProblem[]; readonly items: number } | null {
  let problems = problemsWithin(text, starts, place, 1);
  if (problems?.length === 0) return { problems, items: 1 };
  for (let items = 1; items < itemsAtOnce && problems !== null; items *= 2) {
    if (place + items >= starts.length) return { problems, items };
    const end = starts[place + items]! - starts[place]!;
    const more = problemsWithin(text, starts, place, 2 * items);
    if (more !== null && isEqual(problems.filter(({ offset }) => offset <= end), more.filter(({ offset }) => offset <= end))) return { problems, items };
    problems = more;
  }
  return null;
}

/** A star before a name, as it stands for a part again. In a condition it may multiply: then the whole is read. */
const repetition = /[\s[{,:]\*[^\s*]/;

/** `null`: parts have names, or are meant again, here or elsewhere. */
function problemsWithin(text: string, starts: readonly number[], place: number, items: number): NoYaml['problems'] | null {
  const part = text.slice(starts[place], starts[place + items]);
  if (part.length > charactersAtOnce || repetition.test(part)) return null;
  const document = readYamlDocument(part, (offset) => lineOf(part, offset));
  if (!document.ok) return document.problems;
  return document.hasAnchors ? null : [];
}

/** Only told apart from other lines. */
const lineOf = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1);

function isEqual(some: readonly SyntaxProblem[], others: readonly SyntaxProblem[]): boolean {
  return some.length === others.length && some.every(({ offset, message }, index) => offset === others[index]!.offset && message === others[index]!.message);
}
