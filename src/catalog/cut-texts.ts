import type { Problem } from './problem.js';

const maybeCut = /\S #\d/;
/** Members that hold words for people, which may number things: behind a condition, a kind, an id stands a comment. */
const worded = 'name|title|subtitle|headline|subject|text|body|label|cta|description|reason|goal';
/** Such a text without quotes, and a number behind a "#" in its line: "reason: Policy #12". */
const line = new RegExp(`^ *(?:- +)*(${worded}): +([^\\s"'|>{[&*!#%@\`][^#"']*?) #(?=\\d)`);
/** The line above a text of several lines, in which a "#" is itself. */
const opensText = /\s[|>][-+\d]{0,2}\s*(?:#[^\n]*)?$/;

/**
 * Texts that end at a "#", which begins a comment to YAML, where one blank stands before it and a number follows at once:
 * "Policy #12" is "Policy". A warning, since a comment may begin so.
 */
export function warnOfCutTexts(file: string, text: string, value: unknown, problems: Problem[]): void {
  if (!maybeCut.test(text) || file.startsWith('models/')) return;
  let texts: ReadonlySet<string> | undefined;
  let textIndentedBeyond: number | undefined;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (textIndentedBeyond !== undefined && (written.trim() === '' || indentOf(written) > textIndentedBeyond)) continue;
    textIndentedBeyond = opensText.test(written) ? memberIndentOf(written) : undefined;
    const found = maybeCut.test(written) ? line.exec(written) : null;
    if (found === null) continue;
    texts ??= textsIn(value);
    const cut = found[2]!.trimEnd();
    if (!texts.has(`${found[1]!}: ${cut}`)) continue;
    const column = found[0].length;
    problems.push({ file, line: index + 1, column, path: '', severity: 'warning', message: `a "#" behind a blank begins a comment, so that the text ends with "${cut.slice(-40)}": if it goes on, put it in quotes` });
  }
}

const indentOf = (written: string): number => written.search(/[^ ]|$/);

/** Where its member begins; of a text that is an item itself, where the dash is. */
function memberIndentOf(written: string): number {
  const { length } = /^ *(?:- +)*/.exec(written)![0];
  return /[|>]/.test(written.charAt(length)) ? written.lastIndexOf('-', length) : length;
}

/** Each with the member that holds it. What is nested too deeply is refused before. */
function textsIn(value: unknown, member = '', found = new Set<string>()): Set<string> {
  if (typeof value === 'string') found.add(`${member}: ${value}`);
  else if (typeof value === 'object' && value !== null) for (const [name, part] of Object.entries(value)) textsIn(part, name, found);
  return found;
}
