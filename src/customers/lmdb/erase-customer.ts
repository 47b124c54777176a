import type { Tombstone } from '../customer-store.js';
import { isVisitorKey, visitorKey } from '../visitor-id.js';
import { takeAgenda } from './agenda-table.js';
import { removeAnsweredOutcomesOf } from './answered-outcomes.js';
import type { Tables } from './environment.js';
import { removeReservationsOf } from './reservations.js';
import { putTombstone } from './tombstones.js';
import { linksOf, removeLink } from './visitor-links.js';
import { removeVisitor } from './visitor-table.js';

/** `CustomerStore.erase` within a transaction. The visitors that were linked to a customer are erased with it; a visitor
 *  that was linked leaves what was joined with the customer. */
export function eraseCustomer(tables: Tables, id: string, tombstone: Tombstone, salt: string): boolean {
  if (isVisitorKey(id)) {
    const visitor = tables.visitors.get(id);
    if (visitor?.state === 'linked') removeLink(tables, visitor.customerId, id);
  }
  for (const { visitorId } of isVisitorKey(id) ? [] : linksOf(tables, id)) {
    const visitor = visitorKey(visitorId);
    removeVisitor(tables, visitor);
    removeLink(tables, id, visitor);
    putTombstone(tables, salt, visitor, tombstone);
  }
  const wasThere = isVisitorKey(id) ? removeVisitor(tables, id) : removeCustomer(tables, id);
  if (wasThere) putTombstone(tables, salt, id, tombstone);
  return wasThere;
}

function removeCustomer(tables: Tables, customerId: string): boolean {
  removeAnsweredOutcomesOf(tables, customerId);
  removeReservationsOf(tables, customerId);
  takeAgenda(tables, customerId, null);
  return tables.customers.remove(customerId);
}
