import { formatProblem } from '../catalog/problem.js';
import type { LiveCatalog } from '../catalog/live-catalog.js';
import type { OutboundEvents } from '../service/outbound/outbound-events.js';
import type { StoreObserver } from '../service/watched-store.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** What happens beside requests, told twice: in words to the log, as numbers to the metrics. */

export function reportStore(logger: Logger, metrics: Metrics): StoreObserver {
  return {
    changed: metrics.storeChanged,
    lost: (problem) => logger.error({ problem }, 'The store is lost: until it is back, decisions show only what needs no consent and no history, and nothing can be recorded'),
    back: () => logger.info('The store is back'),
  };
}

export function reportOutbound(logger: Logger, metrics: Metrics): OutboundEvents {
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
      logger.error({ reason: error.message }, 'A look at who is due broke off; it is made again');
    },
    swept: metrics.outboundSwept,
  };
}

export function reportCatalog(live: LiveCatalog, logger: Logger, metrics: Metrics): void {
  const refused = live.refused();
  if (refused === null) {
    const { revision, ...summary } = live.summary();
    for (const warning of live.warnings()) logger.warn({ problem: formatProblem(warning) }, 'Catalog warning');
    logger.info({ revision, ...summary }, 'Catalog live');
    metrics.catalogLoaded(live.loadedAt(), summary.offers);
  } else {
    for (const problem of refused.problems) logger.error({ problem: formatProblem(problem) }, 'Catalog refused');
    logger.error({ problems: refused.problems.length, serving: live.current().revision }, 'The changed catalog is refused; the last good one keeps serving');
    metrics.catalogRefused();
  }
}
