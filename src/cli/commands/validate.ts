import { resolve } from 'node:path';
import { formatProblem } from '../../catalog/problem.js';
import { offerKinds, ruleKinds, type Catalog } from '../../decision/types.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { counted } from '../printing/number-words.js';
import { plainText } from '../printing/plain-text.js';
import { commandConfig } from '../opening/settings.js';
import type { Surroundings } from '../surroundings.js';

export interface ValidateOptions { readonly folder: string | null; readonly json: boolean }

/** Loads a catalog as the service would, its models too, and tells every problem or what is in it. */
export async function validateCatalog(surroundings: Surroundings, options: ValidateOptions): Promise<ExitCode> {
  const folder = options.folder ?? commandConfig(surroundings).catalogFolder;
  const result = await surroundings.checkCatalog(folder);
  const found = result.ok ? result.warnings : result.problems;
  if (options.json) {
    await surroundings.output.write(`${JSON.stringify({ valid: result.ok, problems: found, ...(result.ok && { catalog: countsOf(result.catalog) }) })}\n`);
  } else {
    for (const problem of found) await surroundings.errors.write(`${plainText(formatProblem(problem))}\n`);
    if (result.ok) await surroundings.output.write(summaryOf(result.catalog, result.warnings.length));
    else await surroundings.errors.write(`${counted(found.filter(({ severity }) => severity === 'error').length, 'error')} in ${resolve(folder)}. A service keeps the last good catalog until they are gone.\n`);
  }
  return result.ok ? exitCodes.ok : exitCodes.problems;
}

function countsOf({ revision, offers, rules, strategies, triggers, models, channels }: Catalog): object {
  return {
    revision,
    offers: byKind(offers, offerKinds),
    rules: byKind(rules, ruleKinds),
    strategies: strategies.length,
    triggers: triggers.length,
    models: [...models.keys()],
    channels,
  };
}

function summaryOf(catalog: Catalog, warnings: number): string {
  const { revision, offers, rules, strategies, triggers, models, channels } = catalog;
  const kinds = (entries: readonly { readonly kind: string }[], names: readonly string[]): string => {
    const counts = Object.entries(byKind(entries, names)).map(([kind, number]) => `${number} ${kind}`);
    return `${entries.length}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`;
  };
  const waiting = triggers.filter(({ start }) => start.type === 'event' || start.type === 'absence').length;
  const rows: readonly (readonly [string, string])[] = [
    ['Revision', revision],
    ['Offers', kinds(offers, offerKinds)],
    ['Rules', kinds(rules, ruleKinds)],
    ['Strategies', `${strategies.length}: ${strategies.map(({ id }) => id).join(', ')}`],
    ['Triggers', `${triggers.length}${waiting === 0 ? '' : `, ${waiting} of them wait for events`}`],
    ['Models', models.size === 0 ? '0' : `${models.size}: ${[...models.keys()].join(', ')}; each answers the golden rows that it has`],
    ['Channels', channels.join(', ')],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return `The catalog is good${warnings === 0 ? '' : `, with ${counted(warnings, 'warning')}`}.\n${rows.map(([name, text]) => `  ${name.padEnd(width)}${plainText(text)}\n`).join('')}`;
}

/** How many of each kind there are; kinds without any are left out. */
function byKind(entries: readonly { readonly kind: string }[], kinds: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(kinds.map((kind) => [kind, entries.filter((entry) => entry.kind === kind).length] as const).filter(([, number]) => number > 0));
}
