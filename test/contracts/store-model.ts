import type { ClaimResult, ClaimWrite, ContactWrite, EventResult, EventWrite, LimitPeriod, LimitRoom, LimitUse, RecordResult, StoredCustomer, StoredProfile, Tombstone } from '../../src/customers/customer-store.js';
import type { Contact, CustomerEvents, LedgerHorizon } from '../../src/decision/types.js';

/** A window of milliseconds counts as the week that an event may be late; an eighth of it, and the week, later all is over; in whole days. */
const endsAfterMs = 15 * 86_400_000;

interface Customer { profile: StoredProfile; contacts: Contact[]; profileVersion: number; ledgerVersion: number; outcomes: Map<string, NonNullable<ContactWrite['idempotency']>>; counted: Taken[]; matched: Taken[]; keys: Map<string, EventWrite['idempotency'] & { fromPartner: boolean }> }
interface Taken { type: string; fromPartner: boolean; occurredAt: number; data: NonNullable<EventWrite['intake']['matches'][number]['event']> | undefined }
type Events = Pick<Customer, 'counted' | 'matched' | 'keys'>
interface Hold { limit: string; counter: string; customerId: string; decisionId: string; offerId: string; heldUntil: number }

/**
 * The port's comments as the plainest program that could be meant: lists and filters, no thought of cost. Adapters are
 * compared with it, so it shares no code with them.
 */
export class StoreModel {
  readonly customers = new Map<string, Customer>();
  readonly confirmed = new Map<string, number>();
  holds: Hold[] = [];
  readonly tombstones = new Map<string, Tombstone>();
  private version = 0;

  usage(counter: string, now: number): number {
    const { confirmed, reserved } = this.use(counter, now);
    return confirmed + reserved;
  }

  use(counter: string, now: number): LimitUse {
    return { confirmed: this.confirmed.get(counter) ?? 0, reserved: this.holds.filter((hold) => hold.counter === counter && hold.heldUntil > now).length };
  }

  putProfile(customerId: string, profile: StoredProfile, ifVersion?: number): 'created' | 'replaced' | 'conflict' {
    const stored = this.customers.get(customerId);
    if (ifVersion !== undefined && ifVersion !== (stored?.profileVersion ?? 0)) return 'conflict';
    const version = ++this.version;
    const { contacts, outcomes } = stored ?? { contacts: [], outcomes: new Map<string, never>() };
    this.customers.set(customerId, { profile, contacts, outcomes, ...under(profile, stored), profileVersion: version, ledgerVersion: version });
    return stored === undefined ? 'created' : 'replaced';
  }

  erase(customerId: string, { erasedAt, keptUntil }: Tombstone): boolean {
    this.holds = this.holds.filter((hold) => hold.customerId !== customerId);
    const wasThere = this.customers.delete(customerId);
    const before = this.tombstones.get(customerId);
    if (wasThere) this.tombstones.set(customerId, { erasedAt: Math.max(erasedAt, before?.erasedAt ?? 0), keptUntil: Math.max(keptUntil, before?.keptUntil ?? 0) });
    return wasThere;
  }

  load(customers: readonly StoredCustomer[]): void {
    for (const { id, profile, contacts } of customers) {
      const version = ++this.version;
      const outcomes = this.customers.get(id)?.outcomes ?? new Map<string, never>();
      const { keys } = under(profile, this.customers.get(id));
      this.customers.set(id, { profile, contacts: byTime(contacts), outcomes, counted: [], matched: [], keys, profileVersion: version, ledgerVersion: version });
    }
  }

  record({ customerId, contact, beganAt, now, horizon, maxContacts, idempotency, withdrawConsent, confirm, release }: ContactWrite): RecordResult {
    const tombstone = this.tombstones.get(customerId);
    if (tombstone !== undefined && tombstone.keptUntil > now && beganAt <= tombstone.erasedAt) return { type: 'erased' };
    const customer = this.customers.get(customerId);
    if (customer === undefined) return { type: 'unknown-customer' };
    const known = idempotency && customer.outcomes.get(idempotency.outcomeId);
    if (known !== undefined && known.expiresAt > now) return known.body === idempotency?.body ? { type: 'repeated', answer: known.answer } : { type: 'other-body' };
    const wasThere = isThere(customer.contacts, contact);
    if (wasThere && contact.outcome === 'presented') {
      if (idempotency !== undefined) customer.outcomes.set(idempotency.outcomeId, idempotency);
      return { type: 'repeated', answer: null };
    }

    return this.orUndo(() => {
      if (!wasThere) {
        for (const room of confirm) if (!this.confirm(room, customerId, contact, now)) return { type: 'limit-reached', counter: room.counter };
      }
      for (const { limit } of release) this.takeHold({ limit, counter: '', endsAt: null }, customerId, contact, now);
      const kept = trim(customer.contacts, horizon, now);
      if (kept.length >= maxContacts) return { type: 'ledger-full' };
      customer.contacts = byTime([...kept, contact]);
      customer.ledgerVersion = ++this.version;
      if (withdrawConsent !== undefined) this.withdraw(customer, withdrawConsent, now);
      if (idempotency !== undefined) customer.outcomes.set(idempotency.outcomeId, idempotency);
      return { type: 'recorded' };
    });
  }

  claim({ customerId, ledgerVersion, contacts, now, horizon, maxContacts, reserve }: ClaimWrite): ClaimResult {
    const customer = this.customers.get(customerId);
    if (customer === undefined) return { type: 'unknown-customer' };
    if (customer.ledgerVersion !== ledgerVersion) return { type: 'conflict' };
    return this.orUndo(() => {
      for (const { offerId, decisionId, heldUntil, confirmed, ...room } of reserve) {
        const of = { offerId, decisionId, outcome: 'presented', channel: 'web', occurredAt: now } as const;
        if (confirmed) {
          if (!isThere(customer.contacts, of) && !this.confirm(room, customerId, of, now)) return { type: 'limit-reached', counter: room.counter };
        } else {
          this.takeHold(room, customerId, of, now);
          if (this.usage(room.counter, now) >= room.max) return { type: 'limit-reached', counter: room.counter };
          this.holds.push({ limit: room.limit, counter: room.counter, customerId, decisionId, offerId, heldUntil });
        }
      }
      const added: Contact[] = [];
      for (const contact of contacts) if (!isThere(customer.contacts, contact) && !isThere(added, contact)) added.push(contact);
      if (added.length === 0) return { type: 'claimed' };
      const kept = trim(customer.contacts, horizon, now);
      if (kept.length + added.length > maxContacts) return { type: 'ledger-full' };
      customer.contacts = byTime([...kept, ...added]);
      customer.ledgerVersion = ++this.version;
      return { type: 'claimed' };
    });
  }

  takeIn({ customerId, intake: { type, fromPartner, occurredAt, matches }, createsCustomer, needsConsent, late, now, idempotency }: EventWrite): EventResult {
    const tombstone = this.tombstones.get(customerId);
    if (tombstone !== undefined && tombstone.keptUntil > now && occurredAt <= tombstone.erasedAt) return { type: 'erased' };
    if (!this.customers.has(customerId) && !createsCustomer) return { type: 'unknown-customer' };
    const customer = this.customers.get(customerId) ?? { profile: { attributes: {}, consents: [], holdings: [] }, contacts: [], outcomes: new Map<string, never>(), ...noneTaken(), profileVersion: this.version + 1, ledgerVersion: 0 };
    if (needsConsent !== null && !customer.profile.consents.includes(needsConsent)) return { type: 'no-consent' };
    const known = customer.keys.get(idempotency.eventKey);
    if (known !== undefined && known.expiresAt > now) return known.body === idempotency.body ? { type: 'repeated', expiresAt: known.expiresAt } : { type: 'other-body' };
    this.customers.set(customerId, customer);
    customer.keys.set(idempotency.eventKey, { ...idempotency, fromPartner });
    customer.ledgerVersion = ++this.version;
    // The times of the test are all of one day.
    if (!late || !customer.counted.some((each) => each.type === type)) customer.counted.push({ type, fromPartner, occurredAt, data: undefined });
    for (const { event } of matches) {
      if (!customer.matched.some((each) => each.type === type && each.occurredAt === occurredAt && each.data!.source === event!.source)) customer.matched.push({ type, fromPartner, occurredAt, data: event });
    }
    return { type: 'recorded' };
  }

  events(customerId: string): CustomerEvents {
    const { counted, matched } = this.customers.get(customerId)!;
    const types = ['a', 'p'];
    const of = (events: readonly Taken[], type: string): Taken[] => events.filter((each) => each.type === type).sort((one, other) => one.occurredAt - other.occurredAt || (sourceOf(one) < sourceOf(other) ? -1 : 1));
    return {
      trails: types.filter((type) => of(counted, type).length > 0).map((type) => {
        const mine = of(counted, type);
        return { type, fromPartner: type === 'p', total: mine.length, recent: mine.map(({ occurredAt }) => occurredAt).slice(-16), days: [{ day: 0, count: mine.length }] };
      }),
      matches: types.flatMap((type) => {
        const mine = of(matched, type);
        return mine.filter((_, place) => place === 0 || place >= mine.length - 16).map(({ fromPartner, occurredAt, data }) => ({ trigger: `on-${type}`, fromPartner, occurredAt, event: data, endsAt: occurredAt + endsAfterMs }));
      }),
    };
  }

  private withdraw(customer: Customer, purpose: string, now: number): void {
    const { profile } = customer;
    const open = (profile.consentRecords ?? []).filter((record) => record.purpose === purpose && record.status !== 'withdrawn');
    if (open.length === 0 && !profile.consents.includes(purpose)) return;
    customer.profile = { ...profile, consents: profile.consents.filter((each) => each !== purpose) };
    if (profile.consentRecords !== undefined) {
      customer.profile = { ...customer.profile, consentRecords: profile.consentRecords.map((record) => (open.includes(record) ? { ...record, status: 'withdrawn', withdrawnAt: now } : record)) };
    }
    Object.assign(customer, under(customer.profile, customer));
    customer.profileVersion = ++this.version;
  }

  /** The counter of the live reservation that it took away. */
  private takeHold({ limit }: LimitPeriod, customerId: string, { decisionId, offerId }: Contact, now: number): string | undefined {
    const isIt = (hold: Hold): boolean => hold.limit === limit && hold.customerId === customerId && hold.decisionId === decisionId && hold.offerId === offerId;
    const found = this.holds.find(isIt);
    this.holds = this.holds.filter((hold) => !isIt(hold));
    return found !== undefined && found.heldUntil > now ? found.counter : undefined;
  }

  private confirm(room: LimitRoom, customerId: string, contact: Contact, now: number): boolean {
    const held = this.takeHold(room, customerId, contact, now);
    if (held === undefined && this.usage(room.counter, now) >= room.max) return false;
    const counter = held ?? room.counter;
    this.confirmed.set(counter, (this.confirmed.get(counter) ?? 0) + 1);
    return true;
  }

  private orUndo<T extends { type: string }>(action: () => T): T {
    const holds = [...this.holds];
    const confirmed = [...this.confirmed];
    const result = action();
    if (result.type !== 'recorded' && result.type !== 'claimed') {
      this.holds = holds;
      this.confirmed.clear();
      for (const [counter, count] of confirmed) this.confirmed.set(counter, count);
    }
    return result;
  }
}

/** What is only counted has none, and no order among those of one time. */
function sourceOf({ data }: Taken): string {
  return data?.source ?? '';
}

function noneTaken(): Events {
  return { counted: [], matched: [], keys: new Map() };
}

/** Partners' data go with the consent, and that they were there. */
function under({ consents }: StoredProfile, { counted, matched, keys }: Events = noneTaken()): Events {
  const stays = ({ fromPartner }: { fromPartner: boolean }): boolean => !fromPartner || consents.includes('partner-data');
  return { counted: counted.filter(stays), matched: matched.filter(stays), keys: new Map([...keys].filter(([, key]) => stays(key))) };
}

function isThere(contacts: readonly Contact[], { decisionId, offerId, outcome }: Contact): boolean {
  return decisionId !== undefined && offerId !== undefined && contacts.some((other) => other.decisionId === decisionId && other.offerId === offerId && other.outcome === outcome);
}

function byTime(contacts: readonly Contact[]): Contact[] {
  return contacts.map((contact, place) => ({ contact, place })).sort((one, other) => one.contact.occurredAt - other.contact.occurredAt || one.place - other.place).map(({ contact }) => contact);
}

function trim(contacts: readonly Contact[], { windowMs, latestOf }: LedgerHorizon, now: number): Contact[] {
  return contacts.filter((contact, place) => contact.occurredAt >= now - windowMs || (
    latestOf.includes(contact.outcome) &&
    !contacts.slice(place + 1).some((later) => later.outcome === contact.outcome && later.offerId === contact.offerId && later.activity === contact.activity && later.channel === contact.channel)));
}
