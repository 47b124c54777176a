import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { createLimitGauges, type ReadLimits } from './limit-gauges.js';

/** Prometheus metrics: prefix `nbo_`, seconds, and no customer in a label. */
export interface Metrics {
  requestDone(request: { readonly route: string; readonly method: string; readonly status: number; readonly durationMs: number }): void;
  decided(decision: { readonly channel: string; readonly offers: number; readonly degraded: readonly string[]; readonly isOfUnknown: boolean }): void;
  catalogLoaded(at: number, offers: number): void;
  catalogRefused(): void;
  decisionLogDropped(count: number): void;
  /** Whether the store is there. */
  storeChanged(isUp: boolean): void;
  /** Has each scrape look how the store is, before it is told: whoever looks tells `storeChanged`. */
  lookAtStore(look: () => void): void;
  /** How long after its time a customer who was due was looked at. */
  outboundLooked(lateMs: number): void;
  outboundPublished(trigger: string, channel: string): void;
  outboundDeferred(trigger: string): void;
  outboundGivenUp(trigger: string): void;
  outboundFailed(what: 'look' | 'outbox'): void;
  outboundSwept(customers: number): void;
  /** Has each scrape ask how full the limits are. */
  showLimits(read: ReadLimits): void;
  /** What a scrape reads. */
  readonly source: { readonly contentType: string; metrics(): Promise<string> };
  /** This process's own, to be added up with those of other workers. */
  readonly registry: Registry;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({ name: 'nbo_http_request_seconds', help: 'How long HTTP requests took', labelNames: ['route', 'method', 'status'], buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5], registers });
  const decisions = new Counter({ name: 'nbo_decisions_total', help: 'Decisions made', labelNames: ['channel', 'answered'], registers });
  const degraded = new Counter({ name: 'nbo_decisions_degraded_total', help: 'Decisions made without something', labelNames: ['without'], registers });
  const ofUnknown = new Counter({ name: 'nbo_decisions_unknown_customer_total', help: 'Decisions for a customer whom the store does not know, who were answered as for a visitor', registers });
  const loads = new Counter({ name: 'nbo_catalog_loads_total', help: 'Catalogs loaded and refused', labelNames: ['result'], registers });
  const loadedAt = new Gauge({ name: 'nbo_catalog_loaded_timestamp_seconds', help: 'When the live catalog was loaded', aggregator: 'max', registers });
  const offers = new Gauge({ name: 'nbo_catalog_offers', help: 'Offers of the live catalog', aggregator: 'max', registers });
  const refused = new Gauge({ name: 'nbo_catalog_refused', help: '1 while the newest catalog files are refused and an older catalog serves', aggregator: 'max', registers });
  const dropped = new Counter({ name: 'nbo_decision_log_dropped_total', help: 'Decisions that the log could not keep up with', registers });
  let look = (): void => undefined;
  const storeUp = new Gauge({ name: 'nbo_store_up', help: '0 from a read of the store that fails until none has failed for 2 seconds, else 1', aggregator: 'min', registers, collect: () => look() });
  const looks = new Histogram({ name: 'nbo_outbound_lateness_seconds', help: 'How long after their time customers who were due were looked at', buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600], registers });
  const published = new Counter({ name: 'nbo_outbound_published_total', help: 'Offers handed to the outbox', labelNames: ['trigger', 'channel'], registers });
  const deferred = new Counter({ name: 'nbo_outbound_deferred_total', help: 'Triggers that had to wait, for one customer each', labelNames: ['trigger'], registers });
  const givenUp = new Counter({ name: 'nbo_outbound_given_up_total', help: 'Triggers that were over before they could speak, for one customer each', labelNames: ['trigger'], registers });
  const failed = new Counter({ name: 'nbo_outbound_failures_total', help: 'Looks that broke off and events that the outbox did not take; each is made again', labelNames: ['what'], registers });
  const swept = new Counter({ name: 'nbo_outbound_swept_customers_total', help: 'Customers looked at in walks for group events and new catalogs', registers });
  const limits = createLimitGauges(registry);
  registerProcessMetrics(registry);
  refused.set(0);
  for (const without of ['store', 'limits', 'events']) degraded.inc({ without }, 0);      // an alert on a rise needs the 0 before it
  for (const what of ['look', 'outbox']) failed.inc({ what }, 0);

  return {
    requestDone: ({ route, method, status, durationMs }) => requests.observe({ route, method, status: String(status) }, durationMs / 1000),
    decided: ({ channel, offers: count, degraded: without, isOfUnknown }) => {
      decisions.inc({ channel, answered: count > 0 ? 'offers' : 'none' });
      for (const name of without) degraded.inc({ without: name });
      if (isOfUnknown) ofUnknown.inc();
    },
    catalogLoaded: (at, count) => {
      loads.inc({ result: 'loaded' });
      loadedAt.set(at / 1000);
      offers.set(count);
      refused.set(0);
    },
    catalogRefused: () => {
      loads.inc({ result: 'refused' });
      refused.set(1);
    },
    decisionLogDropped: (count) => dropped.inc(count),
    storeChanged: (isUp) => storeUp.set(isUp ? 1 : 0),
    lookAtStore: (ask) => { look = ask; },
    outboundLooked: (lateMs) => looks.observe(Math.max(0, lateMs) / 1000),
    outboundPublished: (trigger, channel) => published.inc({ trigger, channel }),
    outboundDeferred: (trigger) => deferred.inc({ trigger }),
    outboundGivenUp: (trigger) => givenUp.inc({ trigger }),
    outboundFailed: (what) => failed.inc({ what }),
    outboundSwept: (customers) => swept.inc(customers),
    showLimits: limits.read,
    source: registry,
    registry,
  };
}

/** prom-client's defaults, without those that fail Prometheus' own check of metric names. */
function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']) registry.removeSingleMetric(name);
}
