import { product } from '../frame/product.mjs';

/** The moment for which the sample customers are made. */
export const sampleNow = Date.parse('2026-11-23T10:00:00Z');
const perLoad = 250;

/** The sample's customers, as a store takes them. */
export async function sampleStoredCustomers(count) {
  const { sampleCustomers } = await product('sample/sample-customers.js');
  return [...sampleCustomers({ count, seed: 1, now: sampleNow })].map(({ id, contacts, ...profile }) => ({
    id, profile, contacts: contacts.map(({ occurredAt, ...contact }) => ({ ...contact, occurredAt: Date.parse(occurredAt) })).sort((a, b) => a.occurredAt - b.occurredAt),
  }));
}

/** Loads so many customers, each made when its turn comes. */
export async function loadInto(store, count, customerOf) {
  for (let from = 0; from < count; from += perLoad) await store.load(Array.from({ length: Math.min(perLoad, count - from) }, (_, place) => customerOf(from + place)));
}
