import { offerKinds, ruleKinds } from '../decision/types.js';
import { entryFolders, entryWords, type EntryFolder } from './catalog-files.js';
import type { Problem } from './problem.js';
import { offerSchema } from './schemas/offer-schema.js';
import { ruleSchema } from './schemas/rule-schema.js';
import { strategySchema } from './schemas/strategy-schema.js';
import { eventsSchema, triggerSchema } from './schemas/trigger-schema.js';
import type { YamlFile } from './yaml-file.js';

export type Content = EntryFolder | 'events' | 'schema';

const shared = new Set(['id', 'kind', 'owner', 'goal', 'reviewBy', 'description']);
const telling = (schema: { readonly properties: object }): ReadonlySet<string> => new Set(Object.keys(schema.properties).filter((name) => !shared.has(name)));
const membersOf: Readonly<Record<EntryFolder, ReadonlySet<string>>> = { strategies: telling(strategySchema), offers: telling(offerSchema), rules: telling(ruleSchema), triggers: telling(triggerSchema) };
const kindsOf: Partial<Readonly<Record<EntryFolder, readonly unknown[]>>> = { offers: offerKinds, rules: ruleKinds };
const eventMembers = new Set(Object.keys(eventsSchema.additionalProperties.properties));
const schemaMembers = ['currency', 'timeZone', 'channels', 'customer', 'context', 'derived'];

type Mapping = Readonly<Record<string, unknown>>;
const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Misfiled { readonly holds: Content; readonly problem: Problem }

/**
 * A file that holds, as a whole, what belongs elsewhere (rules in offers/), or entries under a heading ("offers:"): said
 * once, in place of a line for each member of each entry. `null`: it holds what it should, or nobody can tell.
 */
export function misfiled(yaml: YamlFile, place: EntryFolder | 'events'): Misfiled | null {
  const { value, file } = yaml;
  // Nearly always the first entry tells, so that the others need no look. An event may be called as anything is: "cap", "channels".
  if (place === 'events' ? isMapping(value) && Object.values(value).every(isEvent) : fits(value, place)) return null;
  const holds = contentOf(value);
  if (holds !== null && holds !== place) return { holds, problem: yaml.problemAt([], elsewhere(holds, place, file)) };
  if (place === 'events' || !isMapping(value) || Object.hasOwn(value, 'id')) return null;
  const problem = headed(value, place);
  return problem === null ? null : { holds: place, problem: yaml.problemAt([problem.key], problem.message, { key: true }) };
}

/** Entries of which each has two of the marks of one folder, or a mapping that is a schema or declares events. */
function contentOf(value: unknown): Content | null {
  const entries = entriesOf(value);
  const [best] = entryFolders.filter((folder) => entries.length > 0 && entries.every((entry) => marks(entry, folder) >= 2)).sort((a, b) => total(entries, b) - total(entries, a));
  if (best !== undefined) return best;
  if (!isMapping(value)) return null;
  if (schemaMembers.filter((name) => Object.hasOwn(value, name)).length >= 3) return 'schema';
  return declaresEvents(value) ? 'events' : null;
}

const entriesOf = (value: unknown): readonly Mapping[] => (Array.isArray(value) ? (value.every(isMapping) ? (value) : []) : isMapping(value) ? [value] : []);
const total = (entries: readonly Mapping[], folder: EntryFolder): number => entries.reduce((sum, entry) => sum + marks(entry, folder), 0);
const marks = (entry: Mapping, folder: EntryFolder): number => Object.keys(entry).filter((name) => membersOf[folder].has(name)).length + (kindsOf[folder]?.includes(entry['kind']) === true ? 1 : 0);
const fits = (value: unknown, place: EntryFolder): boolean => entriesOf(value).some((entry) => marks(entry, place) > 0);

const isEvent = (value: unknown): boolean => value === null || (isMapping(value) && Object.keys(value).every((name) => eventMembers.has(name)));

function declaresEvents(value: Mapping): boolean {
  const events = Object.values(value);
  return events.every(isEvent) && events.some((event) => isMapping(event) && (Object.hasOwn(event, 'data') || Object.hasOwn(event, 'description')));
}

function elsewhere(holds: Content, place: EntryFolder | 'events', file: string): string {
  if (holds === 'schema') return 'holds the schema, which is in schema.yaml beside the folders: move it there';
  if (holds === 'events') return `declares events, which are read from triggers/events.yaml alone: ${place === 'triggers' ? `rename ${file} to it, or move them there` : 'move them there'}`;
  return place === 'events'
    ? `holds ${holds}, where events are declared by their names ("page.viewed:"): move them to ${holds}/${holds}.yaml`
    : `holds ${holds}, where ${place} belong: move it to ${holds}/`;
}

/** Entries under the name of their folder, or each under its id. */
function headed(value: Mapping, place: EntryFolder): { readonly key: string; readonly message: string } | null {
  const keys = Object.keys(value);
  const [key] = keys;
  if (key === undefined) return null;
  const begins = `a file is a list of ${place}, and each begins with "- id: …"`;
  const heading = [place, entryWords[place]].includes(key.toLowerCase());
  if (keys.length === 1 && heading && entriesOf(value[key]).length > 0) return { key, message: `${begins}: take this line out, and indent the others less` };
  if (!keys.every((name) => isMapping(value[name]) && marks(value[name], place) >= 2)) return null;
  return { key, message: `${begins}: write - id: ${key} in place of this line` };
}
