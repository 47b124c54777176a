import { StoreError, type CustomerStore } from '../../customers/customer-store.js';
import { takeSample } from '../../customers/even-sample.js';
import { isHeldOut, inControlGroup } from '../../decision/control.js';
import { asIfLive, hangsOnContact, reachOf, type TriggerReach } from '../../decision/trigger-reach.js';
import { readCustomer } from '../customer-reading.js';
import { startDeadline } from '../deadline.js';
import { drive } from '../drive.js';
import { prospectOf } from './prospect.js';
import { createTriggerTally, type TriggerTally } from './tally.js';
import { sizeOf, type TriggerSize } from './trigger-size.js';
import type { Catalog, CustomerState, Direction } from '../../decision/types.js';
import type { Scorer } from '../../models/scorer.js';
import { dayMs } from '../../decision/calendar.js';

export interface SizingParts {
  readonly catalog: Catalog;
  readonly store: CustomerStore;
  readonly scorer: Scorer;
  readonly monotonicMs: () => number;
}

export interface SizingAsk {
  /** Triggers of the catalog. */
  readonly ids: ReadonlySet<string>;
  /** How many customers are looked at; of a store that has no more, all. */
  readonly sampleSize: number;
  readonly seed: string;
  readonly now: number;
  /** The contact is made in this channel; `null`: for each customer in the best of the channels that come into question. */
  readonly channel: string | null;
  /** Told how far it is; the next customers wait for it. */
  readonly onLooked: (looked: number, of: number) => Promise<void>;
}

export interface Sizing {
  /** Of the store. */
  readonly customers: number;
  readonly sampled: number;
  /** What was done without, as in a decision: models that could not answer, so that priors counted. */
  readonly degraded: readonly string[];
  /** In the catalog's order. */
  readonly triggers: readonly TriggerSize[];
}

/** How far back an event counts as one that happens. */
export const eventWindowMs = 30 * dayMs;
const readsAtATime = 50;
/** Nobody waits: a store that takes longer than this for a customer is away. */
const patienceMs = 10_000;

/**
 * What triggers would do if they were live, over a sample of the store: whom each concerns, whom it reaches, and what a
 * decision with it active would offer them. Nothing is recorded. Rejects with a StoreError where the store does not
 * answer: what is not known of a customer would be counted as a no.
 */
export async function sizeTriggers(parts: SizingParts, { ids, sampleSize, seed, now, channel, onLooked }: SizingAsk): Promise<Sizing> {
  const { catalog, store } = parts;
  const sample = (await takeSample(store, { size: sampleSize, seed }))!;
  const live = asIfLive(catalog, ids, now);
  const tallies = new Map(catalog.triggers.filter(({ id }) => ids.has(id)).map((trigger) => [trigger.id, createTriggerTally(trigger)]));
  const degraded = new Set<string>();
  let sampled = 0;
  for (let from = 0; from < sample.ids.length; from += readsAtATime) {
    for (const customer of await Promise.all(sample.ids.slice(from, from + readsAtATime).map((id) => readWhole(id, now, parts)))) {
      if (customer === null) continue;      // erased meanwhile
      sampled++;
      await look(customer, { tallies, live, channel, now, degraded }, parts);
    }
    await onLooked(Math.min(from + readsAtATime, sample.ids.length), sample.ids.length);
  }
  const size = { customers: Math.max(sampled, sample.customers - (sample.ids.length - sampled)), sampled };
  return { ...size, degraded: [...degraded].sort(), triggers: [...tallies.values()].map((tally) => sizeOf(tally, size, catalog, now)) };
}

async function readWhole(customerId: string, now: number, { store, catalog, monotonicMs }: SizingParts): Promise<CustomerState | null> {
  const { known, state } = await readCustomer(store, catalog, { customerId, channel: '' }, now, now, startDeadline(patienceMs, monotonicMs));
  if (known === 'unreadable' || state.groupEvents === null || state.limitUsage === undefined) throw new StoreError('The store does not answer; a sample with holes would say too little');
  return known === 'visitor' ? null : state;
}

interface Look {
  readonly tallies: ReadonlyMap<string, TriggerTally>;
  /** The catalog as if they were. */
  readonly live: Catalog;
  readonly channel: string | null;
  readonly now: number;
  readonly degraded: Set<string>;
}

async function look(customer: CustomerState, { tallies, live, channel, now, degraded }: Look, { catalog, scorer, monotonicMs }: SizingParts): Promise<void> {
  const deadline = startDeadline(patienceMs, monotonicMs);
  const reaches: TriggerReach[][] = [];
  for (const { ids, ...contact } of contactsOf([...tallies.keys()], live, channel)) {
    const request = { ...contact, limit: 1, placements: null, context: {}, explain: 'none' } as const;
    reaches.push([...await drive(reachOf({ catalog: live, request, customer, now, contested: new Set() }, ids, now - eventWindowMs), scorer, deadline)]);
  }
  for (const { trigger, inAudience, isActive, happened, eventKnown } of nearest(reaches.flat())) {
    const tally = tallies.get(trigger.id)!;
    tally.eventKnown ||= eventKnown;
    if (!inAudience) continue;
    const waits = trigger.start.type === 'event';
    tally.audience++;
    if (isActive && now >= tally.trigger.fromMs && now < tally.trigger.untilMs) tally.active++;
    if (happened) tally.happened++;
    if (!waits && !isActive) continue;
    const prospect = await prospectOf({ trigger, catalog: live, customer, now, channel, degraded }, scorer, deadline);
    if (waits) tally.audienceProspects.add(prospect);
    if (waits && !happened) continue;
    tally.reached.add(prospect);
    const heldOut = inControlGroup(customer.id!, catalog.control) || isHeldOut(customer.id!, tally.trigger, catalog.control.salt);
    if (!heldOut) tally.reachedNotHeldOut.add(prospect);
  }
}

interface Contact { readonly channel: string; readonly direction: Direction; readonly ids: ReadonlySet<string> }

/** The contacts in which triggers are judged: one for all whose conditions are the same in each, those that come into question
 *  for the others. */
function contactsOf(ids: readonly string[], catalog: Catalog, channel: string | null): readonly Contact[] {
  const contacts = new Map<string, { channel: string; direction: Direction; ids: Set<string> }>();
  const add = (id: string, where: string, direction: Direction): void => {
    const key = `${direction} ${where}`;
    const contact = contacts.get(key) ?? { channel: where, direction, ids: new Set() };
    contacts.set(key, contact);
    contact.ids.add(id);
  };
  for (const id of ids) {
    const trigger = catalog.triggers.find((each) => each.id === id)!;
    if (!hangsOnContact(trigger, catalog)) add(id, channel ?? '', 'inbound');
    else for (const where of channel === null ? trigger.outbound?.channels ?? catalog.channels : [channel]) add(id, where, trigger.outbound === null ? 'inbound' : 'outbound');
  }
  return [...contacts.values()];
}

/** Of a trigger that was judged in several contacts: what holds in any. */
function nearest(reaches: readonly TriggerReach[]): readonly TriggerReach[] {
  const byTrigger = new Map<string, TriggerReach>();
  for (const reach of reaches) {
    const before = byTrigger.get(reach.trigger.id);
    byTrigger.set(reach.trigger.id, before === undefined ? reach : {
      trigger: reach.trigger,
      inAudience: before.inAudience || reach.inAudience,
      isActive: before.isActive || reach.isActive,
      happened: before.happened || reach.happened,
      eventKnown: before.eventKnown || reach.eventKnown,
    });
  }
  return [...byTrigger.values()];
}
