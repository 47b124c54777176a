import { compileAttributeSchema } from './attribute-schema.js';
import { entryWords, type EntryFolder } from './catalog-files.js';
import { checkParts, checkShape } from './check-shape.js';
import { readManifest, type ManifestEntry } from './compile-models.js';
import type { Entry } from './compiling.js';
import { mapPausing, type Pause } from './pauses.js';
import type { Problem } from './problem.js';
import { wholeFile, type ReadFiles } from './read-files.js';
import { createNames, type Names } from './references.js';
import { eventsSchema, type RawEvent } from './schemas/trigger-schema.js';
import { spotIn, type Spot } from './spot.js';
import type { AttributeSchema } from '../decision/types.js';

/** Files that have been read, and where problems go. */
export interface Reading { readonly read: ReadFiles; readonly problems: Problem[]; readonly pause: Pause }

const entriesAtMost = 10_000;
/** Without one there is no catalog. */
const needed = ['strategies', 'offers'];

/** The entries of a folder's files in path order; a single mapping is a list of one. Ids go to `names`. */
export async function readEntries<T extends { readonly id?: string }>(folder: EntryFolder, schema: object, names: Names, { read, problems, pause }: Reading): Promise<Entry<T>[]> {
  const entries: Entry<T>[] = [];
  let complete = !read.misfiled.has(folder);
  for (const yaml of read.entries[folder]) {
    if (yaml.value === undefined) complete = false;
    const list: unknown = yaml.value;
    const items: readonly { readonly value: unknown; readonly path: readonly number[] }[] = Array.isArray(list)
      ? list.slice(0, entriesAtMost).map((value: unknown, index) => ({ value, path: [index] }))
      : list === undefined || list === null ? [] : [{ value: list, path: [] }];
    if (Array.isArray(list) && list.length > entriesAtMost) problems.push(wholeFile(yaml.file, `has ${list.length} entries: a file has at most ${entriesAtMost}`));
    // `[]` says itself that there is none.
    if (list === null) problems.push(wholeFile(yaml.file, `holds no ${entryWords[folder]}: it is empty, or has only comments`, 'warning'));
    for (const { value, path } of items) {
      const spot = spotIn(yaml, problems, path);
      const { value: checked, isWhole } = checkParts(schema, value, spot);
      const raw = checked as T | undefined;
      if (raw?.id === undefined) complete = false;
      else names.declare(raw.id, spot.at('id'));
      if (raw !== undefined) entries.push({ raw, spot, isWhole });
      await pause();
    }
  }
  const lacking = needed.includes(folder) && complete && entries.length === 0;
  // What refers to one of them has the same cause, and is not reported again.
  if (!complete || lacking) names.incomplete();
  if (lacking) problems.push(wholeFile(`${folder}/`, `no ${entryWords[folder]} at all: at least one is needed, in a file as ${folder}/${folder}.yaml`));
  return entries;
}

/** The declared event types: as they are written, and the schemas of their data. */
export interface EventDeclarations {
  readonly names: Names;
  readonly byType: ReadonlyMap<string, RawEvent & { readonly schema: AttributeSchema | null; readonly spot: Spot }>;
}

export async function readEvents({ read, problems, pause }: Reading): Promise<EventDeclarations> {
  const { events } = read;
  const raw = (events?.value === undefined || events.value === null ? {} : checkShape(eventsSchema, events.value, spotIn(events, problems)) ?? {}) as Readonly<Record<string, RawEvent | null>>;
  const byType = new Map(await mapPausing(Object.entries(raw), pause, ([type, event]) => {
    const spot = spotIn(events!, problems).at(type);
    const schema = event?.data === undefined ? null : compileAttributeSchema(event.data, spot.at('data')) ?? null;
    return [type, { ...event, schema, spot }] as const;
  }));
  const names = createNames('event', byType.keys());
  if ((events !== null && events.value === undefined) || read.misfiled.has('events')) names.incomplete();
  return { names, byType };
}

export function readManifests({ read, problems }: Reading, wanted: (modelId: string) => boolean): ManifestEntry[] {
  return read.manifests.filter(({ modelId }) => wanted(modelId)).map(({ modelId, yaml }) =>
    readManifest(modelId, yaml.value, spotIn(yaml, problems), () => problems.length));
}
