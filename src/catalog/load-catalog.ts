import type { Catalog, JsonObject } from '../decision/types.js';
import { createEnvironment } from '../expressions/environment.js';
import { typeFromJsonSchema } from '../expressions/json-schema-type.js';
import type { Type } from '../expressions/types.js';
import type { ModelLoader } from '../models/model-loader.js';
import { assemble } from './assemble.js';
import { revisionOf, roleOf, type CatalogFiles, type CatalogFolder } from './catalog-files.js';
import { compileAttributeSchema } from './attribute-schema.js';
import { checkShape } from './check-shape.js';
import { compileDerived } from './compile-derived.js';
import { createModels, outputNames, readManifest, type ManifestEntry } from './compile-models.js';
import { compileOffers } from './compile-offers.js';
import { compileRules } from './compile-rules.js';
import { compileSchema, nothingDeclared, type CompiledSchema } from './compile-schema.js';
import { compileStrategies } from './compile-strategies.js';
import { compileTriggers } from './compile-triggers.js';
import { given } from './compile-parts.js';
import type { Compiling, Entry } from './compiling.js';
import { createExpressionCompiler } from './expression-compiler.js';
import { sortProblems, type Problem } from './problem.js';
import { readFiles, wholeFile, type ReadFiles } from './read-files.js';
import { createNames, type Names } from './references.js';
import { offerSchema, type RawOffer } from './schemas/offer-schema.js';
import { ruleSchema, type RawRule } from './schemas/rule-schema.js';
import { strategySchema, type RawStrategy } from './schemas/strategy-schema.js';
import { eventsSchema, triggerSchema, type RawEvent, type RawTrigger } from './schemas/trigger-schema.js';
import { spotIn } from './spot.js';

export interface CatalogDependencies {
  readonly models: ModelLoader;
  /** Epoch milliseconds: by it a review is overdue. */
  readonly now: () => number;
  /** Models that count only where an offer or a derived attribute refers to them. */
  readonly modelsOnDemand?: ReadonlySet<string>;
  /** True for files that a stranger sent: what could take for ever is bounded, which is slower. */
  readonly untrusted?: boolean;
}

export interface CatalogSummary {
  readonly revision: string;
  readonly strategies: number;
  readonly offers: number;
  readonly rules: number;
  readonly triggers: number;
  readonly models: number;
}

export type CatalogResult =
  | { readonly ok: true; readonly catalog: Catalog; readonly warnings: readonly Problem[]; readonly summary: CatalogSummary }
  /** Every problem, warnings too; at least one is an error. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads, checks and compiles a catalog. Everything is checked whatever else is wrong, so that one load shows every
 * problem; what depends on a part that could not be read is not reported again.
 */
export async function loadCatalog(files: CatalogFiles, dependencies: CatalogDependencies): Promise<CatalogResult> {
  const problems: Problem[] = [];
  const read = readFiles(files);
  problems.push(...read.problems);

  const schema = compileSchema(read.schema?.value, spotIn(read.schema ?? missingFile, problems), dependencies.untrusted === true);
  if (read.schema === null) problems.push(wholeFile('schema.yaml', 'is missing: it says what is known of a customer, a context and an offer'));

  const offerNames = createNames('offer');
  const triggerNames = createNames('trigger');
  const strategies = entriesOf<RawStrategy>('strategies', strategySchema, read, problems, createNames('strategy'));
  const offers = entriesOf<RawOffer>('offers', offerSchema, read, problems, offerNames);
  const rules = entriesOf<RawRule>('rules', ruleSchema, read, problems, createNames('rule'));
  const triggers = entriesOf<RawTrigger>('triggers', triggerSchema, read, problems, triggerNames);
  const events = eventsOf(read, problems);
  const manifests = manifestsOf(read, problems, (id) => dependencies.modelsOnDemand?.has(id) !== true || refersTo(id, offers, schema));
  const modelNames = createNames('model', read.manifests.map(({ modelId }) => modelId));

  const environment = createEnvironment({ ...typesOf(schema), ...given('channels', schema.channelNames.all()), ...given('triggers', triggerNames.all()) });
  const expressions = createExpressionCompiler(schema.readable ? environment : null);
  const compiling: Compiling = {
    schema, expressions,
    names: { offer: offerNames, model: modelNames, event: events.names },
    modelOutputs: new Map(manifests.map((entry) => [entry.id, outputNames(entry)])),
    today: schema.calendar.dayOf(dependencies.now()),
  };
  // The order matters once: derived attributes come first, each with its model, since all that follows may read them.
  const models = createModels(manifests, files, expressions, dependencies.models, () => compiling.today);
  const derived = compileDerived(compiling, environment, models);
  const parts = {
    strategies: compileStrategies(strategies, compiling),
    offers: compileOffers(offers, compiling),
    rules: compileRules(rules, compiling),
    triggers: compileTriggers(triggers, events.byType, compiling),
    models: await models.load(),
  };

  const sorted = sortProblems(problems);
  if (sorted.some(({ severity }) => severity === 'error')) return { ok: false, problems: sorted };
  const modelFiles = new Set(manifests.flatMap(({ path }) => path ?? []));
  const borrowed = (id: string): boolean => !manifests.some((entry) => entry.id === id);
  const revision = revisionOf(files, (path) => counts(path, modelFiles, borrowed));
  const catalog = assemble({ revision, schema, environment, derived, ...parts });
  const summary = { revision, strategies: strategies.length, offers: offers.length, rules: rules.length, triggers: triggers.length, models: parts.models.size };
  return { ok: true, catalog, warnings: sorted, summary };
}

const missingFile = { file: 'schema.yaml', value: undefined, problems: [], problemAt: (_path: unknown, message: string): Problem => wholeFile('schema.yaml', message) };

/** From what is written, even where it is not all JSON Schema: what is wrong in one attribute says nothing of the others. */
function typesOf({ raw }: CompiledSchema): Record<'customer' | 'context' | 'offer', Type> {
  const typeOf = (schema: JsonObject = nothingDeclared): Type => typeFromJsonSchema(schema);
  return { customer: typeOf(raw.customer), context: typeOf(raw.context), offer: typeOf(raw.offer) };
}

const needed = { strategies: 'strategy', offers: 'offer', rules: null, triggers: null } as const;

/** The entries of a folder's files in path order; a single mapping is a list of one. Ids go to `names`. */
function entriesOf<T extends { readonly id?: string }>(folder: Exclude<CatalogFolder, 'models'>, schema: object, read: ReadFiles, problems: Problem[], names: Names): Entry<T>[] {
  const entries: Entry<T>[] = [];
  let complete = true;
  for (const yaml of read.entries[folder]) {
    if (yaml.value === undefined) complete = false;
    const list: unknown = yaml.value;
    const items: readonly { readonly value: unknown; readonly path: readonly number[] }[] = Array.isArray(list)
      ? list.map((value: unknown, index) => ({ value, path: [index] }))
      : list === undefined || list === null ? [] : [{ value: list, path: [] }];
    for (const { value, path } of items) {
      const spot = spotIn(yaml, problems, path);
      const raw = checkShape(schema, value, spot) as T | undefined;
      if (raw?.id === undefined) complete = false;
      else names.declare(raw.id, spot.at('id'));
      if (raw !== undefined) entries.push({ raw, spot });
    }
  }
  if (!complete) names.incomplete();
  const word = needed[folder];
  if (word !== null && complete && entries.length === 0) problems.push(wholeFile(`${folder}/`, `no ${word} at all: at least one is needed, in a file as ${folder}/${folder}.yaml`));
  return entries;
}

function eventsOf(read: ReadFiles, problems: Problem[]): { readonly names: Names; readonly byType: ReadonlyMap<string, RawEvent> } {
  const { events } = read;
  const raw = (events?.value === undefined || events.value === null ? {} : checkShape(eventsSchema, events.value, spotIn(events, problems)) ?? {}) as Readonly<Record<string, RawEvent | null>>;
  const byType = new Map(Object.entries(raw).map(([type, event]) => [type, event ?? {}]));
  for (const [type, { data }] of byType) {
    if (data !== undefined) compileAttributeSchema(data, spotIn(events!, problems).at(type, 'data'), true);
  }
  const names = createNames('event', byType.keys());
  if (events !== null && events.value === undefined) names.incomplete();
  return { names, byType };
}

function manifestsOf(read: ReadFiles, problems: Problem[], wanted: (modelId: string) => boolean): ManifestEntry[] {
  return read.manifests.filter(({ modelId }) => wanted(modelId)).map(({ modelId, yaml }) =>
    readManifest(modelId, yaml.value, spotIn(yaml, problems), () => problems.length));
}

function refersTo(modelId: string, offers: readonly Entry<RawOffer>[], { raw }: CompiledSchema): boolean {
  const names = (value: unknown): boolean => typeof value === 'object' && value !== null && 'model' in value && value.model === modelId;
  return offers.some(({ raw: offer }) => names(offer.propensity) || Object.values(offer.value ?? {}).some(names))
    || Object.values(raw.derived ?? {}).some(names);
}

function counts(path: string, modelFiles: ReadonlySet<string>, borrowed: (modelId: string) => boolean): boolean {
  const role = roleOf(path);
  if (role === null) return false;
  if (role.role === 'model-file') return modelFiles.has(path);
  return role.role !== 'manifest' || !borrowed(role.modelId);
}
