import { randomUUID } from 'node:crypto';
import type { LinkResult, LinkWrite } from '../customer-store.js';
import { joinVisitor } from '../join-visitor.js';
import { expectTimes } from '../store-values.js';
import { visitorIdOf } from '../visitor-id.js';
import { moveAnsweredOutcomes } from './answered-outcomes.js';
import { getHeld } from './customer-table.js';
import type { Tables } from './environment.js';
import { moveReservations } from './reservations.js';
import { countLinks, getLink, putLink } from './visitor-links.js';
import { putLinkedVisitor, removeVisitor } from './visitor-table.js';

/** `CustomerStore.link` within a transaction: all checks in the port's order, then all writes. */
export function linkVisitor(tables: Tables, { visitor, customerId, now, horizon, maxContacts, maxVisitors, timings, visitorUntil }: LinkWrite, version: number): LinkResult {
  expectTimes([now, visitorUntil]);
  const customer = tables.customers.get(customerId);
  if (customer === null) return { type: 'unknown-customer' };
  const held = getHeld(tables, visitor, now);
  if (held.linkedTo !== null && held.linkedTo !== customerId) return { type: 'other-customer' };
  const link = held.linkedTo === null ? null : getLink(tables, customerId, visitor);
  if (link !== null) return { type: 'repeated', contacts: link.contacts, events: link.events, linkedAt: link.linkedAt };
  if (countLinks(tables, customerId) >= maxVisitors) return { type: 'too-many-visitors' };
  const joined = joinVisitor(customer, held.customer, { now, horizon, maxContacts, timings }, version);
  if (joined === null) return { type: 'ledger-full' };

  // What is left of one whose time was over is nothing to be joined.
  if (held.customer === null) removeVisitor(tables, visitor);
  const linkId = randomUUID();
  const { contacts, events } = joined;
  tables.customers.put(customerId, joined.customer);
  putLink(tables, customerId, { linkId, visitorId: visitorIdOf(visitor), linkedAt: now, contacts, events });
  putLinkedVisitor(tables, visitor, linkId, customerId);
  moveAnsweredOutcomes(tables, visitor, customerId, now);
  moveReservations(tables, visitor, customerId);
  return { type: 'joined', contacts, events, linkedAt: now };
}
