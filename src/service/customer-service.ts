import { isLocale, misfits } from './decision-request.js';
import { isTimeZone } from '../decision/calendar.js';
import { ServiceError, type Detail } from '../errors.js';
import { startDeadline, type Deadline } from './deadline.js';
import { StoreError, type CustomerStore, type StoredCustomer, type StoredProfile } from '../customers/customer-store.js';
import type { CallContext, Services } from './service.js';
import type { Catalog, Contact, JsonObject } from '../decision/types.js';
import type { Customer, CustomerExport, CustomerPatch, CustomerWrite } from './openapi-types.js';
import type { LiveCatalog } from './live-catalog.js';
import { tokenLifetimeMs } from './token.js';

export interface CustomerServiceParts {
  readonly catalog: LiveCatalog;
  readonly store: CustomerStore;
  readonly monotonicMs: () => number;
}

/** A patch that loses a race is applied again to what won; after so many lost races the caller is asked to try again. */
const patchTries = 8;

export function createCustomerService({ catalog, store, monotonicMs }: CustomerServiceParts): Services['customers'] {
  const start = ({ timeoutMs }: CallContext): Deadline => startDeadline(timeoutMs, monotonicMs);

  return {
    put: async (id, body, call) => {
      const profile = profileOf(body, catalog.current());
      const result = await asked(start(call), store.putProfile(id, profile));
      return { status: result === 'created' ? 201 : 200, body: toCustomer(id, profile) };
    },

    patch: async (id, mergePatch, call) => {
      const deadline = start(call);
      for (let attempt = 0; attempt < patchTries; attempt++) {
        const { customer } = await asked(deadline, store.read(id, [], call.now));
        if (customer === null) throw unknownCustomer();
        const profile = profileOf(merge(customer.profile, mergePatch), catalog.current());
        if (await asked(deadline, store.putProfile(id, profile, customer.profileVersion)) !== 'conflict') return toCustomer(id, profile);
      }
      throw new ServiceError('CONFLICT', 'The customer was changed by others again and again meanwhile; nothing was written, try again');
    },

    get: async (id, call) => {
      const { customer } = await asked(start(call), store.read(id, [], call.now));
      if (customer === null) throw unknownCustomer();
      return toCustomer(id, customer.profile);
    },

    export: async (id, call) => {
      const customer = await asked(start(call), store.export(id));
      if (customer === null) throw unknownCustomer();
      return toExport(customer);
    },

    /** Erasing what is not there is done already: a call that was cut off can be sent again. */
    erase: async (id, call) => {
      await asked(start(call), store.erase(id, { erasedAt: call.now, keptUntil: call.now + tokenLifetimeMs }));
    },
  };
}

async function asked<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  try {
    return await deadline.cut(work);
  } catch (error) {
    if (error instanceof StoreError) throw new ServiceError('STORE_UNAVAILABLE', 'The store does not answer; a write may or may not have happened, send it again');
    throw error;
  }
}

function unknownCustomer(): ServiceError {
  return new ServiceError('NOT_FOUND', 'There is no such customer');
}

/** A body that fits the schema, as it is stored. Throws a ServiceError that names every member that does not fit. */
export function profileOf(body: CustomerWrite, catalog: Catalog): StoredProfile {
  const { attributes = {}, consents = [], holdings = [], timeZone, locale } = body;
  const errors: Detail[] = [...misfits(catalog.schemas.customer, attributes, '/attributes', true)];
  if (timeZone !== undefined && !isTimeZone(timeZone)) errors.push({ pointer: '/timeZone', detail: `"${timeZone}" is not a time zone; write it like "Europe/Stockholm"` });
  if (locale !== undefined && !isLocale(locale)) errors.push({ pointer: '/locale', detail: `"${locale}" is not a language tag; write it like "sv-SE"` });
  if (errors.length > 0) throw new ServiceError('INVALID_REQUEST', 'The customer does not fit the catalog\'s schema', errors);
  return { attributes: attributes as JsonObject, consents: [...new Set(consents)], holdings: [...new Set(holdings)], timeZone, locale };
}

/** JSON Merge Patch (RFC 7396) over a profile. */
function merge(profile: StoredProfile, patch: CustomerPatch): CustomerWrite {
  const merged = mergeValue({ ...toWrite(profile) }, patch) as { [member: string]: unknown };
  return merged;
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

function toWrite({ attributes, consents, holdings, timeZone, locale }: StoredProfile): CustomerWrite {
  return { attributes, consents, holdings, ...(timeZone !== undefined && { timeZone }), ...(locale !== undefined && { locale }) };
}

function toCustomer(id: string, profile: StoredProfile): Customer {
  return { id, attributes: {}, consents: [], holdings: [], ...toWrite(profile) };
}

export function toExport({ id, profile, contacts }: StoredCustomer): CustomerExport {
  return { ...toCustomer(id, profile), contacts: contacts.map(toExportedContact) };
}

function toExportedContact({ occurredAt, ...contact }: Contact): CustomerExport['contacts'][number] {
  const known = Object.fromEntries(Object.entries(contact).filter(([, value]) => value !== undefined)) as Omit<CustomerExport['contacts'][number], 'occurredAt'>;
  return { ...known, occurredAt: new Date(occurredAt).toISOString() };
}
