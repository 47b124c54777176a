import type { Json } from './words.js';

/**
 * The values that compiled expressions read, one place for each distinct path ("slot"), filled once per request
 * (offer slots: once per offer). `undefined` is unknown. Dates are `CalendarDate` day numbers, timestamps epoch
 * milliseconds, durations milliseconds; strings, booleans, numbers and lists are themselves.
 */
export type Slots = unknown[];

export type Root = 'customer' | 'offer' | 'context' | 'channel' | 'direction' | 'triggers' | 'now' | 'propensity' | 'value' | 'event';

/** A compiled expression: pure, total (never throws), and three-valued. */
export interface Expression<T = unknown> {
  readonly source: string;
  /** The roots that it reads; `now` too where the result depends on the time zone or the time. */
  readonly reads: ReadonlySet<Root>;
  /** The slots that it reads. */
  readonly slots: ReadonlySet<number>;
  /** False where the checker proved that every slot it needs is always filled and no operation can fail, as long as
   *  the store could be read: of a customer that could not be, even `has(…)` is unknown. */
  readonly mayBeUnknown: boolean;
  /** `undefined`: unknown, since something that it needs is missing (or an operation has no result, as 1 / 0). */
  evaluate(slots: Slots): T | undefined;
  /** After `evaluate` answered `undefined`: the paths whose absence caused it, each once, in order of reading. */
  missing(slots: Slots): readonly string[];
}

/** What stands in a slot for each of many rows (the offers of a catalog), by slot. */
export type Columns = ReadonlyMap<number, readonly unknown[]>;

/** Moves those of the rows in [from, to) that pass to the front, in the order in which they stood where that costs
 *  nothing, and gives the place after the last of them. Of the slots that vary by row it may leave any values behind. */
export type RowFilter = (slots: Slots, rows: Int32Array, from: number, to: number) => number;

export interface RowFilterOptions { readonly wanted: boolean; readonly settle: boolean }

export interface Condition extends Expression<boolean> {
  /**
   * The condition asked of many rows at once: passes those of which it is `wanted`, never those of which it is unknown.
   * `settle`: what hangs on the row alone is worked out now, for all of them; else when it is asked.
   */
  among(columns: Columns, how: RowFilterOptions): RowFilter;
}

/** Where a path's value stands in the slots. */
export interface SlotBinding {
  readonly slot: number;
  /** Below the root: `['address', 'city']` for `customer.address.city`. */
  readonly path: readonly string[];
  /** Turns the JSON value into the slot's value; `undefined` where it does not fit the declared type. */
  read(value: Json): unknown;
}

/** The slots of one catalog. `always` are the fixed ones. */
export interface SlotLayout {
  readonly size: number;
  readonly always: Readonly<Record<'calendar' | 'channel' | 'direction' | 'triggers' | 'now' | 'propensity' | 'value' | 'storeUnread' | 'event' | 'events' | 'offer', number>>;
  readonly customer: readonly SlotBinding[];
  readonly context: readonly SlotBinding[];
  readonly offer: readonly SlotBinding[];
}
