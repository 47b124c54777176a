import type { Dispatch } from './dispatch.js';
import type { CurrentCatalog } from '../current-catalog.js';
import type { OutboundDecisionParts } from './outbound-decision.js';
import type { OutboundEvents } from './outbound-events.js';

/** What looking at customers needs, and walking over them. */
export interface CustomerLookParts extends OutboundDecisionParts {
  readonly catalog: CurrentCatalog;
  readonly dispatch: Dispatch;
  readonly monotonicMs: () => number;
  readonly events: OutboundEvents;
}

/** How long one step of a look may wait for the store and the models; well below the lease. */
export const stepTimeoutMs = 10_000;
