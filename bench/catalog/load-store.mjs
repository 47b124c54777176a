import { customerFacts } from './company.mjs';
import { product } from '../frame/product.mjs';

const perWrite = 1_000;

/** Makes a store of so many customers, and gives the first `keep` of them for checks. */
export async function loadStore(folder, { customers, contacts, bands, offers, now = Date.now() }, keep = 50) {
  const { openStoreAt } = await product('app.js');
  const store = await openStoreAt({ type: 'lmdb', folder });
  const facts = (index) => customerFacts(index, { bands, offers, contacts, now });
  for (let from = 0; from < customers; from += perWrite) {
    await store.load(Array.from({ length: Math.min(perWrite, customers - from) }, (_, place) => facts(from + place)));
  }
  await store.close();
  return Array.from({ length: Math.min(keep, customers) }, (_, index) => facts(index));
}
