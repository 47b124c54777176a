import { changeConsents, type ConsentResult, type ConsentState } from './consents.js';
import { isLocale, misfits } from './decision-request.js';
import { wakeAfterProfile } from '../decision/waking.js';
import { isTimeZone } from '../decision/calendar.js';
import { ServiceError, type Detail } from '../errors.js';
import { createCustomerChanges, type CustomerChange, type MadeChange } from './customer-changes.js';
import { startDeadline, type Deadline } from './deadline.js';
import { toExportedAgenda } from './exported-agenda.js';
import type { ConsentRecord, CustomerStore, StoredCustomer, StoredProfile } from '../customers/customer-store.js';
import { noEvents } from '../customers/event-ledger.js';
import type { CallContext, Services } from './service.js';
import type { Catalog, Contact, CustomerEvents, JsonObject } from '../decision/types.js';
import type { Customer, CustomerExport, CustomerPatch, CustomerWrite } from './openapi-types.js';
import type { CurrentCatalog } from './current-catalog.js';
import { read, written } from './store-answer.js';
import { tombstoneAt } from './tombstone.js';

export interface CustomerServiceParts {
  readonly catalog: CurrentCatalog;
  readonly store: CustomerStore;
  readonly monotonicMs: () => number;
}

export function createCustomerService({ catalog, store, monotonicMs }: CustomerServiceParts): Services['customers'] {
  const start = ({ timeoutMs }: CallContext): Deadline => startDeadline(timeoutMs, monotonicMs);
  const changes = createCustomerChanges({ store, wakeAt: (now) => wakeAfterProfile(catalog.current(), now) });
  const change = (id: string, call: CallContext, apply: CustomerChange['apply']): Promise<MadeChange> => changes.make(id, { deadline: start(call), now: call.now, apply });

  return {
    put: async (id, body, call) => {
      if (body.id !== undefined && body.id !== id) throw new ServiceError('INVALID_REQUEST', 'The customer has another id than the path', [{ pointer: '/id', detail: `must be "${id}", as in the path, or left out` }]);
      const afterPut = (stored: StoredProfile | null): StoredProfile => profileAfterPut(stored, body, catalog.current(), call.now);
      const { isNew, profile } = await change(id, call, afterPut).catch((error: unknown) => {
        // What is wrong whatever is stored is told without the store, too; with it, together with what hangs on that.
        if (error instanceof ServiceError && error.code === 'STORE_UNAVAILABLE') afterPut(null);
        throw error;
      });
      return { status: isNew ? 201 : 200, body: toCustomer(id, profile) };
    },

    patch: async (id, mergePatch, call) => {
      const { consents, objection, ...rest } = mergePatch;
      const consentChange = { consents: consents === null ? [] : consents, objection: objection ?? (objection === null ? false : undefined) };
      const { profile } = await change(id, call, (stored) => {
        if (stored === null) throw unknownCustomer();
        return profileOf(merge(stored, rest), changeConsents(stored, consentChange, call.now), catalog.current());
      });
      return toCustomer(id, profile);
    },

    get: async (id, call) => {
      const { customer } = await read(start(call), store.read(id, [], call.now));
      if (customer === null) throw unknownCustomer();
      return toCustomer(id, customer.profile);
    },

    export: async (id, call) => {
      const customer = await read(start(call), store.export(id));
      if (customer === null) throw unknownCustomer();
      return toExport(customer);
    },

    /** Erasing what is not there is done already: a call that was cut off can be sent again. */
    erase: async (id, call) => {
      await written(start(call), store.erase(id, tombstoneAt(call.now, catalog.current().ledger)));
    },
  };
}

function unknownCustomer(): ServiceError {
  return new ServiceError('NOT_FOUND', 'There is no such customer');
}

export const noConsents: ConsentState = { consents: [] };
type OtherThanConsent = Omit<CustomerWrite, 'id' | 'consents' | 'objection'>;

/** What a customer is after PUT; `null`: there was none. An import's lines are to customers what PUT is, by this. */
export function profileAfterPut(stored: StoredProfile | null, { consents = [], objection, ...rest }: CustomerWrite, catalog: Catalog, now: number): StoredProfile {
  return profileOf(rest, changeConsents(stored ?? noConsents, { consents, objection }, now), catalog);
}

/** A body that fits the schema, with its consents, as it is stored. Throws a ServiceError that names every member that
 *  does not fit. */
export function profileOf(body: OtherThanConsent, consent: ConsentResult, catalog: Catalog): StoredProfile {
  const { attributes = {}, holdings = [], timeZone, locale } = body;
  const errors: Detail[] = [...misfits(catalog.schemas.customer, attributes, '/attributes', true)];
  if (!consent.ok) errors.push(...consent.errors);
  if (timeZone !== undefined && !isTimeZone(timeZone)) errors.push({ pointer: '/timeZone', detail: `"${timeZone}" is not a time zone; write it like "Europe/Stockholm"` });
  if (locale !== undefined && !isLocale(locale)) errors.push({ pointer: '/locale', detail: `"${locale}" is not a language tag; write it like "sv-SE"` });
  if (errors.length > 0 || !consent.ok) throw new ServiceError('INVALID_REQUEST', 'The customer does not fit the catalog\'s schema', errors);
  const { consents, consentRecords, objection } = consent.state;
  return { attributes: attributes as JsonObject, consents, consentRecords, objection, holdings: [...new Set(holdings)], timeZone, locale };
}

/** JSON Merge Patch (RFC 7396) over a profile. */
function merge(profile: StoredProfile, patch: Omit<CustomerPatch, 'consents' | 'objection'>): OtherThanConsent {
  const { attributes, holdings, timeZone, locale } = profile;
  return mergeValue({ attributes, holdings, ...(timeZone !== undefined && { timeZone }), ...(locale !== undefined && { locale }) }, patch) as OtherThanConsent;
}

function mergeValue(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = new Map<string, unknown>(typeof target === 'object' && target !== null && !Array.isArray(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergeValue(result.get(name), value));
  }
  return Object.fromEntries(result);
}

function toCustomer(id: string, { attributes, consents, objection, holdings, timeZone, locale }: StoredProfile): Customer {
  return { id, attributes, consents, ...(objection === true && { objection }), holdings, ...(timeZone !== undefined && { timeZone }), ...(locale !== undefined && { locale }) };
}

export function toExport({ id, profile, contacts, events = noEvents, visitors, agenda }: StoredCustomer): CustomerExport {
  return {
    ...toCustomer(id, profile),
    consentRecords: (profile.consentRecords ?? []).map(toExportedRecord),
    contacts: contacts.map(toExportedContact),
    events: toExportedEvents(events),
    ...(visitors !== undefined && { visitors: visitors.map(({ visitorId, linkedAt }) => ({ visitorId, linkedAt: new Date(linkedAt).toISOString() })) }),
    ...(agenda !== undefined && { agenda: toExportedAgenda(agenda) }),
  };
}

/** What is kept of events: how many, when the latest were, and which triggers they started. */
export function toExportedEvents({ trails, matches }: CustomerEvents): CustomerExport['events'] {
  const isoTime = (time: number): string => new Date(time).toISOString();
  return {
    types: trails.map(({ type, fromPartner, total, recent, days }) => ({
      type, fromPartner, total,
      recent: recent.map(isoTime),
      days: days.map(({ day, count }) => ({ day: isoTime(day * 86_400_000).slice(0, 10), count })),
    })),
    triggers: matches.map(({ trigger, fromPartner, occurredAt, event, endsAt }) => ({
      trigger, fromPartner,
      time: isoTime(occurredAt),
      ...(event !== undefined && { source: event.source, data: event.data }),
      ...(endsAt !== undefined && { endsAt: isoTime(endsAt) }),
    })),
  };
}

function toExportedRecord({ purpose, status, basis, textVersion, source, ...times }: ConsentRecord): CustomerExport['consentRecords'][number] {
  const isoTime = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString());
  const [confirmedAt, withdrawnAt] = [isoTime(times.confirmedAt), isoTime(times.withdrawnAt)];
  return {
    purpose, status,
    ...(basis !== undefined && { basis }), ...(textVersion !== undefined && { textVersion }), ...(source !== undefined && { source }),
    givenAt: new Date(times.givenAt).toISOString(), ...(confirmedAt !== undefined && { confirmedAt }), ...(withdrawnAt !== undefined && { withdrawnAt }),
  };
}

export function toExportedContact({ occurredAt, ...contact }: Contact): CustomerExport['contacts'][number] {
  const known = Object.fromEntries(Object.entries(contact).filter(([, value]) => value !== undefined)) as Omit<CustomerExport['contacts'][number], 'occurredAt'>;
  return { ...known, occurredAt: new Date(occurredAt).toISOString() };
}
