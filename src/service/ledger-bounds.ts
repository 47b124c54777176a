import { dayMs } from '../decision/calendar.js';
import { ServiceError } from '../errors.js';

/** Past this many contacts of one customer within the ledger's horizon, a further one is refused. */
export const maxContacts = 2_000;
/** Of one customer: three years of a new one every day. */
export const maxVisitors = 1_000;

/** How far ahead of ours another system's clock may be; what it tells counts as of now. */
export const clockSkewMs = 5 * 60_000;

/** How long the id of an outcome (`outcomeId`) and the key of an event (source and id) are remembered. */
export const idempotencyMs = 7 * dayMs;

/** Ids of outcomes and of events that are remembered of one customer for seven days: one every two minutes. */
export const maxRememberedIds = 5_000;

export function tooManyIds(): ServiceError {
  return new ServiceError('TOO_MANY', `${maxRememberedIds} outcomes and events of this customer of the last seven days are remembered by their ids; a further one is refused`);
}

export function ledgerFull(): ServiceError {
  return new ServiceError('TOO_MANY', `A customer's ledger has room for ${maxContacts} contacts within its horizon, and this would be more; nothing was written`);
}
