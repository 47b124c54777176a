import { setImmediate } from 'node:timers/promises';
import { StoreError, type CustomerStore } from '../customers/customer-store.js';
import type { Catalog, Limit } from '../decision/types.js';
import { startDeadline, type Deadline } from './deadline.js';
import { currentPeriods } from './limit-periods.js';
import type { CurrentCatalog } from './current-catalog.js';

/** How much of a limit is used in the period that is on. */
export interface LimitFigure extends Pick<Limit, 'outcome' | 'per' | 'max'> {
  readonly offerId: string;
  readonly used: number;
  /** Held for customers to whom the offer was presented. */
  readonly reserved: number;
}

export interface LimitReportParts {
  readonly catalog: CurrentCatalog;
  readonly store: CustomerStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly monotonicMs: () => number;
}

/** What one step asks of a store: under a millisecond of the embedded one, and others have their turn between two. */
const limitsPerRead = 250;

/** Every limit of the live catalog, in its order; `null` where the store did not answer all within `withinMs`. */
export async function reportLimits({ catalog, store, clock, monotonicMs }: LimitReportParts, withinMs: number): Promise<readonly LimitFigure[] | null> {
  try {
    return await readLimits(catalog.current(), store, clock(), startDeadline(withinMs, monotonicMs));
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

/** Every limit of the catalog, in its order, as of `now`. Rejects with a StoreError where the store did not answer all in time. */
export async function readLimits(catalog: Catalog, store: Pick<CustomerStore, 'limitUse'>, now: number, deadline: Deadline): Promise<readonly LimitFigure[]> {
  const periods = currentPeriods(catalog, now);
  const limits = catalog.offers.flatMap(({ id, limits: ofOffer }) => ofOffer.map((limit) => ({ offerId: id, limit })));
  const figures: LimitFigure[] = [];
  while (figures.length < limits.length) {
    const asked = periods.slice(figures.length, figures.length + limitsPerRead);
    const use = await deadline.cut(store.limitUse(asked, now));
    for (const { counter } of asked) {
      const { offerId, limit: { outcome, per, max } } = limits[figures.length]!;
      const { confirmed, reserved } = use.get(counter)!;
      figures.push({ offerId, outcome, per, max, used: confirmed, reserved });
    }
    await setImmediate();
    if (deadline.remainingMs() === 0) throw new StoreError('the store did not tell all limits before the deadline');
  }
  return figures;
}
