import { setImmediate } from 'node:timers/promises';
import { usualInterval } from '../decision/rhythm.js';
import { takeSample } from './even-sample.js';
import type { CustomerStore } from './customer-store.js';

/** Customers whose events are looked at. */
export const rhythmSample = 2000;
/** With fewer customers of enough history than this, nothing is said of the population. */
export const fewestCustomers = 20;
const readsAtATime = 50;

export interface PopulationRhythm {
  readonly type: string;
  /** Customers of the sample with such events; and with enough of them to have a usual interval. */
  readonly customers: number;
  readonly withRhythm: number;
  /** The median of these customers' usual intervals, in milliseconds; `null`: too few have one. */
  readonly usualMs: number | null;
}
export interface MeasuredPopulation { readonly customers: number; readonly sampled: number; readonly rhythms: readonly PopulationRhythm[] }

/**
 * The population's usual interval by event type, from a sample of the store. All ids are gone through, a bounded number of
 * customers is read. Resolves `null` where `isOver` says so meanwhile.
 */
export async function measurePopulation(store: CustomerStore, types: Iterable<string>, isOver: () => boolean = () => false): Promise<MeasuredPopulation | null> {
  const sample = await takeSample(store, { size: rhythmSample, isOver });
  if (sample === null) return null;
  const found = new Map([...types].map((type) => [type, { customers: 0, intervals: [] as number[] }]));
  const { ids } = sample;
  for (let at = 0; at < ids.length; at += readsAtATime) {
    if (isOver()) return null;
    // Reads of the embedded store take no turn of the event loop: without this, requests would wait for all of the sample.
    await setImmediate();
    for (const customer of await Promise.all(ids.slice(at, at + readsAtATime).map((id) => store.export(id)))) {
      for (const trail of customer?.events?.trails ?? []) {
        const ofType = found.get(trail.type);
        if (ofType === undefined) continue;
        ofType.customers++;
        const usual = usualInterval(trail);
        if (usual !== undefined) ofType.intervals.push(usual);
      }
    }
  }
  return {
    customers: sample.customers, sampled: ids.length,
    rhythms: [...found].map(([type, { customers, intervals }]) => ({ type, customers, withRhythm: intervals.length, usualMs: intervals.length < fewestCustomers ? null : median(intervals) })),
  };
}

/** As it is stored, for decisions to read. */
export function rhythmsOf({ rhythms }: MeasuredPopulation): ReadonlyMap<string, number | null> {
  return new Map(rhythms.map(({ type, usualMs }) => [type, usualMs]));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1]!;
}
