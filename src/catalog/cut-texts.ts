import type { Problem } from './problem.js';

const maybeCut = /\S #\d/;
/** A text without quotes, and a number behind a "#" in its line: "Policy #12". */
const line = /^(\s*(?:- +)*(?:[\w-]+: +)?)([^\s"'|>{[&*!#%@`][^#"']*?) #(?=\d)/;

/**
 * Texts that end at a "#", which begins a comment to YAML, where one blank stands before it and a number follows at once:
 * "Policy #12" is "Policy". A warning, since a comment may begin so. In a text of several lines ("|") a "#" is itself, and no
 * value ends before it.
 */
export function warnOfCutTexts(file: string, text: string, value: unknown, problems: Problem[]): void {
  if (!maybeCut.test(text)) return;
  let texts: ReadonlySet<string> | undefined;
  for (const [index, written] of text.split('\n').entries()) {
    const found = maybeCut.test(written) ? line.exec(written) : null;
    if (found === null) continue;
    texts ??= textsIn(value);
    const cut = found[2]!.trimEnd();
    if (!texts.has(cut)) continue;
    const column = found[0].length;
    problems.push({ file, line: index + 1, column, path: '', severity: 'warning', message: `a "#" behind a blank begins a comment, so that the text ends with "${cut.slice(-40)}": if it goes on, put it in quotes` });
  }
}

/** What is nested too deeply is refused before. */
function textsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') found.add(value);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) textsIn(part, found);
  return found;
}
