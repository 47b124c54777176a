import type { Catalog, JsonObject } from '../decision/types.js';
import { partnerConsent } from '../decision/event-intake.js';
import { createEnvironment } from '../expressions/environment.js';
import { typeFromJsonSchema } from '../expressions/json-schema-type.js';
import type { Type } from '../expressions/types.js';
import type { ModelLoader } from '../models/model-loader.js';
import { assemble } from './assemble.js';
import { revisionOf, roleOf, type CatalogFiles } from './catalog-files.js';
import { compileDerived } from './compile-derived.js';
import { createModels, outputNames } from './compile-models.js';
import { compileEvents } from './compile-events.js';
import { compileOffers } from './compile-offers.js';
import { compileRules } from './compile-rules.js';
import { compileSchema, nothingDeclared, type CompiledSchema } from './compile-schema.js';
import { compileStrategies } from './compile-strategies.js';
import { compileTriggers } from './compile-triggers.js';
import { given } from './compile-parts.js';
import type { Compiling, Entry } from './compiling.js';
import { createExpressionCompiler } from './expression-compiler.js';
import { checkOutboundConditions } from './outbound-conditions.js';
import { warnOfSilentChannels } from './outbound-channels.js';
import type { ItemMemory } from './item-memory.js';
import { warnOfLonelyNames, type NameUse } from './lonely-names.js';
import type { MeantFolder } from './misnamed-folders.js';
import { createPause } from './pauses.js';
import { shownProblems, sortProblems, type Problem } from './problem.js';
import { readFiles, wholeFile } from './read-files.js';
import { readEntries, readEvents, readManifests } from './read-entries.js';
import { createNames } from './references.js';
import { offerSchema, type RawOffer } from './schemas/offer-schema.js';
import { ruleSchema, type RawRule } from './schemas/rule-schema.js';
import { strategySchema, type RawStrategy } from './schemas/strategy-schema.js';
import { triggerSchema, type RawTrigger } from './schemas/trigger-schema.js';
import { spotIn } from './spot.js';
import { warnOfUnsettledRules } from './unsettled-rules.js';

export interface CatalogDependencies {
  readonly models: ModelLoader;
  /** Epoch milliseconds: by it a review is overdue. */
  readonly now: () => number;
  /** Models that count only where an offer or a derived attribute refers to them. */
  readonly modelsOnDemand?: ReadonlySet<string>;
  /** What lies where it is not read, for which the catalog is refused: what refers to it is no mistake of its own. */
  readonly lost?: ReadonlySet<MeantFolder>;
  /** Of the loads before this one, and for those after it. */
  readonly memory?: ItemMemory;
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
  const pause = createPause();
  const read = await readFiles(files, pause, dependencies.memory);
  const reading = { read, problems, pause };
  problems.push(...read.problems);

  const schema = await compileSchema(read.schema?.value, spotIn(read.schema ?? missingFile, problems), pause);
  if (read.schema === null) problems.push(wholeFile('schema.yaml', 'is missing: it says what is known of a customer, a context and an offer'));

  const offerNames = createNames('offer');
  const ruleNames = createNames('rule');
  const triggerNames = createNames('trigger');
  const strategies = await readEntries<RawStrategy>('strategies', strategySchema, createNames('strategy'), reading);
  const offers = await readEntries<RawOffer>('offers', offerSchema, offerNames, reading);
  const rules = await readEntries<RawRule>('rules', ruleSchema, ruleNames, reading);
  const triggers = await readEntries<RawTrigger>('triggers', triggerSchema, triggerNames, reading);
  const events = await readEvents(reading);
  const manifests = readManifests(reading, (id) => dependencies.modelsOnDemand?.has(id) !== true || refersTo(id, offers, schema));
  const modelNames = createNames('model', read.manifests.map(({ modelId }) => modelId), { declaredIn: (id) => `models/${id}/model.yaml` });

  const named = { offers: offerNames, rules: ruleNames, triggers: triggerNames, models: modelNames };
  for (const place of dependencies.lost ?? []) if (place !== 'strategies') named[place].incomplete();

  const environment = createEnvironment({ ...typesOf(schema), ...given('channels', schema.channelNames.all()), ...given('triggers', triggerNames.all()), ...given('offers', offerNames.all()), ...given('events', events.names.all()) });
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
  const compiledTriggers = await compileTriggers(triggers, events.byType, compiling, pause);
  const parts = {
    strategies: compileStrategies(strategies, compiling),
    offers: await compileOffers(offers, compiling, pause),
    rules: await compileRules(rules, compiling, pause),
    triggers: compiledTriggers,
    events: compileEvents(events.byType, compiledTriggers),
    models: await models.load(),
  };
  checkOutboundConditions(triggers, compiledTriggers, { derived, models: parts.models, slotOf: (name) => environment.slotOf('customer', [name]) });
  warnOfSilentChannels(triggers, compiledTriggers, parts.offers);
  warnOfLonelyNames(expressions.consentsAsked, [...schema.channels, partnerConsent], (name, meant) => `no other place asks for the consent "${name}": did you mean "${meant}"? Consents are declared nowhere, so that nobody ever agrees to a misspelt one`);
  warnOfLonelyNames(offers.flatMap(groupOf), [], (name, meant) => `is the only offer of the group "${name}", which so keeps nothing apart: did you mean "${meant}"?`);

  const sorted = shownProblems(sortProblems(problems));
  if (sorted.some(({ severity }) => severity === 'error')) return { ok: false, problems: sorted };
  const modelFiles = new Set(manifests.flatMap(({ path }) => path ?? []));
  const borrowed = (id: string): boolean => !manifests.some((entry) => entry.id === id);
  const revision = await revisionOf(files, (path) => counts(path, modelFiles, borrowed), pause);
  const catalog = await assemble({ revision, schema, environment, derived, ...parts }, pause);
  await warnOfUnsettledRules(catalog, rules, pause);
  const summary = { revision, strategies: strategies.length, offers: offers.length, rules: rules.length, triggers: triggers.length, models: parts.models.size };
  return { ok: true, catalog, warnings: shownProblems(sortProblems(problems)), summary };
}

/** The group of which at most one offer is returned. */
const groupOf = ({ raw, spot }: Entry<RawOffer>): NameUse[] => (raw.exclusive === undefined ? [] : [{ name: raw.exclusive, warn: (message) => spot.at('exclusive').warn(message) }]);

const missingFile = { file: 'schema.yaml', value: undefined, problems: [], problemAt: (_path: unknown, message: string): Problem => wholeFile('schema.yaml', message) };

/** From what is written, even where it is not all JSON Schema: what is wrong in one attribute says nothing of the others. */
function typesOf({ raw }: CompiledSchema): Record<'customer' | 'context' | 'offer', Type> {
  const typeOf = (schema: JsonObject = nothingDeclared): Type => typeFromJsonSchema(schema);
  return { customer: typeOf(raw.customer), context: typeOf(raw.context), offer: typeOf(raw.offer) };
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
