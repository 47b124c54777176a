import { StoreError, UnreadableError } from '../customers/customer-store.js';
import { formatProblem } from '../catalog/problem.js';
import type { LiveCatalog } from '../catalog/live-catalog.js';
import type { OutboundEvents } from '../service/outbound/outbound-events.js';
import type { StoreObserver } from '../service/store-presence.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** What happens beside requests, told twice: in words to the log, as numbers to the metrics. */

export function reportStore(logger: Logger, metrics: Metrics): StoreObserver {
  return {
    changed: metrics.storeChanged,
    lost: (problem, absence) => logger.error({ problem, ...absence }, 'The store is lost: until it is back, decisions show only what needs no consent and no history, and nothing can be recorded (where a part of a cluster is away, for the customers of that part)'),
    back: (absence) => logger.info({ ...absence }, 'The store is back'),
    unreadable: (problem) => logger.error({ problem }, 'The store holds what cannot be read: for whom it concerns, decisions are made as if the store were away'),
  };
}

/** A store that answers and refuses all the same, since it is full, or holds what cannot be read, is asked each second; so
 *  often that is told, by each reason. */
const repeatedMs = 60_000;

export interface OutboundReportParts {
  /** It was told to be away: that looks break off by it goes without saying. */
  readonly isStoreLost: () => boolean;
  readonly monotonicMs: () => number;
}

export function reportOutbound(logger: Logger, metrics: Metrics, { isStoreLost, monotonicMs }: OutboundReportParts): OutboundEvents {
  const toldAtMs = new Map<string, number>();
  const isNews = (error: Error): boolean => {
    if (!(error instanceof StoreError)) return true;
    if (isStoreLost() && !(error instanceof UnreadableError)) return false;
    for (const [reason, atMs] of toldAtMs) if (monotonicMs() - atMs >= repeatedMs) toldAtMs.delete(reason);
    if (toldAtMs.has(error.message)) return false;
    toldAtMs.set(error.message, monotonicMs());
    return true;
  };
  return {
    looked: metrics.outboundLooked,
    published: metrics.outboundPublished,
    publishFailed: (message) => {
      metrics.outboundFailed('outbox');
      logger.warn({ reason: message }, 'An offer could not be published; it is sent again');
    },
    deferred: (trigger, reason) => {
      metrics.outboundDeferred(trigger);
      logger.debug({ trigger, reason }, 'A trigger is deferred');
    },
    givenUp: (trigger, reason) => {
      metrics.outboundGivenUp(trigger);
      logger.info({ trigger, reason }, 'A trigger is given up');
    },
    failed: (error) => {
      metrics.outboundFailed('look');
      logger[isNews(error) ? 'error' : 'debug']({ reason: error.message }, 'A look at who is due broke off; it is made again');
    },
    swept: metrics.outboundSwept,
  };
}

/** Tells of the live catalog as it is now; called at the start, and after every change. */
export function reportCatalog(live: LiveCatalog, logger: Logger, metrics: Metrics): () => void {
  let rulesBefore = 0;
  return () => {
    const refused = live.refused();
    if (refused !== null) {
      for (const problem of refused.problems) logger.error({ problem: formatProblem(problem) }, 'Catalog refused');
      logger.error({ problems: refused.problems.length, serving: live.current().revision }, 'The changed catalog is refused; the last good one keeps serving');
      metrics.catalogRefused();
      return;
    }
    const { revision, ...summary } = live.summary();
    for (const warning of live.warnings()) logger.warn({ problem: formatProblem(warning) }, 'Catalog warning');
    logger.info({ revision, ...summary }, 'Catalog live');
    if (summary.rules === 0 && rulesBefore > 0) logger.error({ revision, rulesBefore }, 'The catalog that is live now has no rule at all, and the one before it had: every offer may be made to everybody, and no consent is asked for. If that was not meant, put the rules back: they are live at once');
    rulesBefore = summary.rules;
    metrics.catalogLoaded(live.loadedAt(), summary.offers);
  };
}
