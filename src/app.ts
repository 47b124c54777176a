import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createCatalogService } from './service/catalog-service.js';
import { createCustomerService } from './service/customer-service.js';
import { createDecisionService, type DecisionRecord, type DecisionServiceParts } from './service/decision-service.js';
import { createDispatch } from './service/outbound/dispatch.js';
import { createHttpServer, type DrainLimits } from './http/http-server.js';
import { createLateClaims, type LateClaims } from './service/late-claims.js';
import { createItemMemory } from './catalog/item-memory.js';
import { createLiveCatalog, type CatalogLoad, type GoodLoad, type LiveCatalog } from './catalog/live-catalog.js';
import { createLogger, type Logger } from './telemetry/logger.js';
import { createMetrics, type Metrics } from './telemetry/metrics.js';
import { createOnnxModels, type OnnxModels } from './models/onnx/onnx-models.js';
import { createVisitorService } from './service/visitor-service.js';
import { createEventService } from './service/event-service.js';
import { createOutcomeService } from './service/outcome-service.js';
import { createTokens, tokenLifetimeMs } from './service/token.js';
import { createTokenSource } from './service/token-source.js';
import { createWaker, type Waker } from './service/outbound/waker.js';
import { createWebhookOutbox } from './outbox/webhook-outbox.js';
import { formatProblem, type Problem } from './catalog/problem.js';
import { guardOverruns } from './models/overrun-guard.js';
import { loadCatalogFolder } from './catalog/load-catalog-folder.js';
import { openDecisionLog, type DecisionLog } from './telemetry/decision-log.js';
import { openFileOutbox } from './outbox/file-outbox.js';
import { openLmdbStore } from './customers/lmdb/lmdb-store.js';
import { openRedisStore } from './customers/redis/redis-store.js';
import { openStreamOutbox } from './customers/redis/stream-outbox.js';
import { parseApiKeys, type ApiKey } from './http/api-keys.js';
import { reportCatalog, reportOutbound, reportStore } from './telemetry/reports.js';
import { startDeadline } from './service/deadline.js';
import { startWorkers } from './workers.js';
import { reportLimits } from './service/limit-report.js';
import { isOfUnknown, toLogLine } from './service/decision-record.js';
import { createCandidateQueue } from './catalog/validate-candidate.js';
import { watchCatalog } from './catalog/watch-catalog.js';
import { watchStore } from './service/watched-store.js';
import { beginService, expectArrived } from './customers/begin-move.js';
import { endService } from './end-service.js';
import { messageOf } from './errors.js';
import { tokenSecretName, type StoreHoldings } from './customers/store-holdings.js';
import { startRhythmJob } from './service/rhythm-job.js';
import { sizeTriggers, type Sizing, type SizingAsk } from './service/sizing/size-triggers.js';
import type { CatalogResult } from './catalog/load-catalog.js';
import { hasShortSecret, placesOf, type Config, type OutboxLocation, type StoreLocation } from './config.js';
import type { CustomerStore } from './customers/customer-store.js';
import type { ServiceResult } from './running-service.js';
import type { Outbox } from './outbox/outbox.js';
import type { Services } from './service/service.js';

/** Everything but HTTP: the catalog loaded, the store open. */
export interface Engine {
  readonly catalog: LiveCatalog;
  readonly services: Services;
  readonly store: CustomerStore;
  /** Loads the catalog's files again; what is live stays as it is. */
  reload(): Promise<CatalogLoad>;
  /** Who speaks by ourselves, to an outbox. */
  createWaker(outbox: Outbox): Waker;
  /** What triggers of the live catalog would do. */
  sizeTriggers(ask: SizingAsk): Promise<Sizing>;
  /** Resolves when the decisions made before are in the decision log. */
  logWritten(): Promise<void>;
  close(): Promise<void>;
}
export type EngineResult = { readonly ok: true; readonly engine: Engine } | { readonly ok: false; readonly problems: readonly Problem[] };

const now = (): number => Date.now();
const monotonicMs = (): number => performance.now();
const afterMs = (ms: number, action: () => void): (() => void) => {
  const timer = setTimeout(action, ms).unref();
  return () => clearTimeout(timer);
};
/** How long the start waits for the secret of the tokens. */
const secretPatienceMs = 5_000;
/** What a model run may take where no request waits for it. */
const modelBudgetMs = 500;
/** How long a scrape of the metrics waits for the limits. */
const limitsPatienceMs = 1_000;
/** How long the receiver of a webhook is waited for. */
const webhookTimeoutMs = 10_000;

/** Loads a catalog with its models, for `nbo validate`: nothing is served and no store is opened. */
export async function checkCatalog(folder: string): Promise<CatalogResult> {
  return (await loadCatalogFolder(folder, { models: createOnnxModels().loader, now })).result;
}

export interface StoreUse {
  /** A Redis that does not answer yet is opened all the same, and used when it does; and what was moved into the store is
   *  from now on written here. Default false. */
  readonly serves?: boolean;
  /** Rejects where there is no store yet, and makes none. Default false. */
  readonly mustExist?: boolean;
  /** Told how the store is less safe than it could be. */
  readonly warn?: ((risk: string) => void) | undefined;
}

export function openStore(config: Config, use?: StoreUse): Promise<CustomerStore> {
  return openStoreAt(config.store, use);
}

/** Rejects where the store is only half filled by a move. */
export async function openStoreAt(location: StoreLocation, { serves = false, mustExist = false, warn }: StoreUse = {}): Promise<CustomerStore> {
  const beforeUse = async (holdings: StoreHoldings): Promise<void> => {
    await expectArrived(holdings);
    if (serves) await beginService(holdings);
  };
  if (location.type === 'redis') return openRedisStore(location.url, { mayBeAway: serves, mustExist, beforeUse, warn });
  const store = await openLmdbStore(location.folder, { mustExist });
  try {
    await beforeUse(store.holdings);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A page of everything takes longer than a customer, and nobody waits for it with a deadline. */
const moveTimeoutMs = 20_000;

/** For moving all of a store to another: whatever its state is. `from` must be there already. */
export function openStoreForMove(location: StoreLocation, end: 'from' | 'to'): Promise<CustomerStore> {
  const mustExist = end === 'from';
  return location.type === 'lmdb' ? openLmdbStore(location.folder, { mustExist }) : openRedisStore(location.url, { mustExist, commandTimeoutMs: moveTimeoutMs });
}

export interface EngineOptions extends StoreUse { readonly logger?: Logger; readonly metrics?: Metrics; readonly clock?: () => number }

/** Rejects where the store cannot be opened. */
export async function openEngine(config: Config, { logger = createLogger(config.logLevel), metrics = createMetrics(), clock = now, ...use }: EngineOptions = {}): Promise<EngineResult> {
  const models = createOnnxModels();
  const memory = createItemMemory();
  const reload = (): Promise<CatalogLoad> => loadCatalogFolder(config.catalogFolder, { models: models.loader, now, memory });
  const load = await reload();
  if (!load.result.ok) return { ok: false, problems: load.result.problems };
  const live = createLiveCatalog(load as GoodLoad, now());
  const store = watchStore(await openStoreAt(config.store, use), { observer: reportStore(logger, metrics), now, monotonicMs, after: afterMs });
  const tokens = createTokenSource(async () => createTokens(config.tokenSecrets ?? [await store.secret(tokenSecretName, () => randomBytes(32).toString('base64url'))], tokenLifetimeMs));
  // Asking makes a secret where there is none, which who only looks must not.
  if (use.serves === true) await tokens(startDeadline(secretPatienceMs, monotonicMs));
  const log = config.decisionLogFolder === null ? null : openDecisionLog(config.decisionLogFolder, {
    dropped: metrics.decisionLogDropped,
    failed: (message) => logger.error({ reason: message }, 'The decision log cannot be written'),
  });
  const onDecided = (record: DecisionRecord): void => {
    const { channel, offers, degraded } = record.response;
    metrics.decided({ channel, offers: offers.length, degraded, isOfUnknown: isOfUnknown(record) });
    if (log !== null) setImmediate(() => log.write(toLogLine(record), record.madeAt));       // after the answer has left
  };
  const scorer = guardOverruns(models.scorer, { clock: monotonicMs, budgetMs: modelBudgetMs });
  const lateClaims = createLateClaims({ store, after: afterMs, left: (decisionId, reason) => logger.error({ decisionId, reason }, 'A decision was answered as not recorded, and the store may hold it as presented') });
  const parts = { catalog: live, store, tokens, monotonicMs, scorer, lateClaims, onDecided };
  const createWakerFor = (outbox: Outbox): Waker => {
    const events = reportOutbound(logger, metrics, { isStoreLost: store.isLost, monotonicMs });
    return createWaker({ ...parts, events, dispatch: createDispatch(outbox, events, Math.random), clock });
  };
  return { ok: true, engine: { catalog: live, services: createServices(live, models, parts), store, reload, createWaker: createWakerFor, sizeTriggers: (ask) => sizeTriggers({ ...parts, catalog: live.current() }, ask), logWritten: () => logWritten(log), close: () => closeAll(log, lateClaims, store) } };
}

type Parts = Omit<DecisionServiceParts, 'newDecisionId'> & Parameters<typeof createEventService>[0];

function createServices(live: LiveCatalog, models: OnnxModels, parts: Parts): Services {
  return {
    decisions: createDecisionService({ ...parts, newDecisionId: randomUUID }),
    outcomes: createOutcomeService(parts),
    events: createEventService(parts),
    customers: createCustomerService(parts),
    visitors: createVisitorService(parts),
    ...createCatalogService({
      current: live.current,
      loadedAt: live.loadedAt,
      refusedBecause: () => refusalOf(live),
      storeProblem: parts.store.problem,
      monotonicMs,
      validate: createCandidateQueue(live.files, { models: models.loader, now }),
    }),
  };
}

function refusalOf(live: LiveCatalog): string | null {
  const refused = live.refused();
  if (refused === null) return null;
  const [first] = refused.problems.filter(({ severity }) => severity === 'error');
  return `The files as they are since ${new Date(refused.at).toISOString()} are refused, ${refused.problems.length === 1 ? 'with one problem' : `with ${refused.problems.length} problems; the first`}: ${first === undefined ? 'unknown' : formatProblem(first)}`;
}

async function logWritten(log: DecisionLog | null): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });       // those made just now are handed to it
  await log?.close();
}

async function closeAll(log: DecisionLog | null, lateClaims: LateClaims, store: CustomerStore): Promise<void> {
  await logWritten(log);
  await lateClaims.close();
  await store.close();
}

/** The service as configured: in this process, or in several. */
export function start(config: Config): Promise<ServiceResult> {
  const logger = createLogger(config.logLevel);
  for (const warning of config.warnings) logger.warn(warning);
  return config.workers === 1 ? startService(config, { logger, drain: servingDrain }) : startWorkers(config, logger);
}

export interface ServiceOptions {
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** What requests take for now. */
  readonly clock?: (() => number) | undefined;
  readonly drain?: DrainLimits;
}

/** For a service that others call: who sends once a second on an open connection gets no reset, but an answer that closes it. */
export const servingDrain: DrainLimits = { graceMs: 1_000 };

/** The whole service in one process: the engine, the watch over the catalog's files, and HTTP. */
export async function startService(config: Config, { logger = createLogger(config.logLevel), metrics = createMetrics(), clock = now, drain = {} }: ServiceOptions = {}): Promise<ServiceResult> {
  const keys = readKeys(config.keysFile);
  if (!keys.ok) return keys;
  const readAt = now();
  const opened = await openEngine(config, { logger, metrics, serves: true, warn: (risk) => logger.warn(risk), clock });
  if (!opened.ok) return { ok: false, problems: opened.problems.map(formatProblem) };
  const { engine } = opened;
  const { catalog: live, services } = engine;
  let outbox: Outbox | null;
  try {
    outbox = await openOutbox(config.outbox);
  } catch (error) {
    await engine.close();
    return { ok: false, problems: [`NBO_OUTBOX cannot be used: ${messageOf(error)}`] };
  }
  const waker = outbox === null ? null : engine.createWaker(outbox);
  metrics.lookAtStore(() => { engine.store.problem(); });
  metrics.showLimits(() => reportLimits({ catalog: live, store: engine.store, clock, monotonicMs }, limitsPatienceMs).catch((error: unknown) => {
    logger.error({ reason: messageOf(error) }, 'How much of each limit is used cannot be told');
    return null;
  }));

  const http = createHttpServer({ services, keys: keys.keys, logger, clock, metrics: metrics.source, onRequestDone: metrics.requestDone });
  let url: string;
  try {
    const { address, port, family } = await http.listen(config.port, config.host);
    url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  } catch (error) {
    await outbox?.close();
    await engine.close();
    return { ok: false, problems: [listenProblem(error as NodeJS.ErrnoException, config)] };
  }
  const tellOfCatalog = reportCatalog(live, logger, metrics);
  tellOfCatalog();
  live.subscribe(tellOfCatalog);
  const watch = watchCatalog({ folder: config.catalogFolder, load: engine.reload, readAt, onLoad: (load) => live.take(load, now()) });
  const rhythm = startRhythmJob({ catalog: live, store: engine.store, after: afterMs, now: clock, failed: (error) => logger.error({ reason: messageOf(error) }, 'The population\'s rhythms cannot be measured; those known stay') });
  if (keys.keys === null) logger.warn('No API keys: only this machine is answered, with every scope. Set NBO_KEYS to serve others');
  if (hasShortSecret(config.tokenSecrets ?? [])) logger.warn('NBO_TOKEN_SECRET is short: with NBO_KEYS it must have at least 32 characters');
  const storeProblem = engine.store.problem();
  if (storeProblem !== null) logger.error({ problem: storeProblem }, 'The service starts without its store: until it answers, decisions show only what needs no consent and no history, and nothing can be recorded');
  if (waker !== null) waker.start();
  else if (live.current().triggers.some(({ outbound }) => outbound !== null)) logger.warn('The catalog has triggers with `outbound`, and this node has nowhere to publish to: who falls due waits for a node with NBO_OUTBOX; without one they take part in decisions only');
  logger.info({ url, catalog: config.catalogFolder, revision: live.current().revision, ...placesOf(config) }, 'Listening');
  const close = async (signal?: NodeJS.Signals): Promise<void> => {
    if (signal !== undefined) logger.info({ signal, answersUnderWay: http.answersUnderWay() }, 'Ending');
    await endService({ http, watch, rhythm, waker, outbox, engine }, drain);
    if (signal !== undefined) logger.info('Ended');
  };
  return { ok: true, service: { url, close } };
}

function openOutbox(location: OutboxLocation | null): Promise<Outbox | null> {
  switch (location?.type) {
    case undefined: return Promise.resolve(null);
    case 'files': return Promise.resolve(openFileOutbox(location.folder));
    case 'stream': return openStreamOutbox(location.url);
    case 'webhook': return Promise.resolve(createWebhookOutbox(location, { clock: now, timeoutMs: webhookTimeoutMs }));
  }
}

function listenProblem({ code, message }: NodeJS.ErrnoException, { host, port }: Config): string {
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is taken; set PORT to another, or 0 for any that is free`;
  if (code === 'EACCES') return `Port ${port} of ${host} may not be opened by this user; set PORT to one above 1023`;
  return `${host}:${port} cannot be opened: ${message}`;
}

function readKeys(file: string | null): { readonly ok: true; readonly keys: readonly ApiKey[] | null } | { readonly ok: false; readonly problems: readonly string[] } {
  if (file === null) return { ok: true, keys: null };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { ok: false, problems: [`NBO_KEYS names ${file}, which cannot be read: ${messageOf(error)}`] };
  }
  const parsed = parseApiKeys(text, file);
  return parsed.keys === null ? { ok: false, problems: parsed.problems } : { ok: true, keys: parsed.keys };
}
