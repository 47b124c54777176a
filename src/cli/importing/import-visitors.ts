import type { CustomerStore, LinkResult, StoredCustomer } from '../../customers/customer-store.js';
import type { Catalog } from '../../decision/types.js';
import { linkWriteOf } from '../../service/visitor-service.js';
import { plainText } from '../printing/plain-text.js';
import type { Progress } from '../printing/progress.js';

const reasons: Readonly<Record<Exclude<LinkResult['type'], 'joined' | 'repeated'>, string>> = {
  'unknown-customer': 'the customer is not there any more',
  'other-customer': 'it is another customer\'s here',
  'too-many-visitors': 'the customer has too many',
  'ledger-full': 'the customer\'s ledger has no room for what is held of it here',
};

/** Links the visitors that lines name of customers that were just stored; what is held of them already is joined. Resolves which customers
 *  got any. */
export async function linkImported(store: CustomerStore, lines: Iterable<Pick<StoredCustomer, 'id' | 'visitors'>>, catalog: Catalog, now: number, progress: Progress): Promise<readonly string[]> {
  const linked = new Set<string>();
  for (const { id, visitors = [] } of lines) {
    for (const { visitorId } of visitors) {
      const { type } = await store.link(linkWriteOf(id, visitorId, catalog, now));
      if (type === 'joined' || type === 'repeated') linked.add(id);
      else await progress.note(`The visitor "${plainText(visitorId)}" of ${plainText(id)} was not linked: ${reasons[type]}.`);
    }
  }
  return [...linked];
}
