import { timingsOf } from '../decision/event-intake.js';
import { wakeAfterProfile } from '../decision/waking.js';
import type { Catalog } from '../decision/types.js';
import { ServiceError } from '../errors.js';
import type { CustomerStore, LinkResult, LinkWrite, StoredCustomer } from '../customers/customer-store.js';
import { noEvents } from '../customers/event-ledger.js';
import { visitorIdOf, visitorKey } from '../customers/visitor-id.js';
import { toExportedContact, toExportedEvents } from './customer-service.js';
import { startDeadline } from './deadline.js';
import { ledgerFull, maxContacts, maxVisitors } from './ledger-bounds.js';
import type { CurrentCatalog } from './current-catalog.js';
import type { VisitorExport, VisitorLinkAnswer } from './openapi-types.js';
import type { Services } from './service.js';
import { read, written } from './store-answer.js';
import { tombstoneAt } from './tombstone.js';

export interface VisitorServiceParts {
  readonly catalog: CurrentCatalog;
  readonly store: CustomerStore;
  readonly monotonicMs: () => number;
}

export function createVisitorService({ catalog: live, store, monotonicMs }: VisitorServiceParts): Services['visitors'] {
  return {
    link: async (customerId, { visitorId }, { now, timeoutMs }) => {
      const deadline = startDeadline(timeoutMs, monotonicMs);
      const result = await written(deadline, store.link(linkWriteOf(customerId, visitorId, live.current(), now)));
      // The visitor's events are the customer's now. Before the answer: where it is not known, the same is sent again.
      const wakeAt = result.type === 'joined' || result.type === 'repeated' ? wakeAfterProfile(live.current(), now) : undefined;
      if (wakeAt !== undefined) await written(deadline, store.wake([customerId], wakeAt));
      return answerOf(result, customerId, visitorId);
    },

    export: async (visitorId, { timeoutMs }): Promise<VisitorExport> => {
      const held = await read(startDeadline(timeoutMs, monotonicMs), store.export(visitorKey(visitorId)));
      if (held === null) throw new ServiceError('NOT_FOUND', 'There is no such visitor');
      return toVisitorExport(held);
    },

    erase: async (visitorId, { now, timeoutMs }) => {
      await written(startDeadline(timeoutMs, monotonicMs), store.erase(visitorKey(visitorId), tombstoneAt(now, live.current().ledger)));
    },
  };
}

export function toVisitorExport({ id, linkedTo, contacts, events = noEvents }: StoredCustomer): VisitorExport {
  return { visitorId: visitorIdOf(id), ...(linkedTo !== undefined && { customerId: linkedTo }), contacts: contacts.map(toExportedContact), events: toExportedEvents(events) };
}

export function linkWriteOf(customerId: string, visitorId: string, catalog: Catalog, now: number): LinkWrite {
  return {
    customerId, now, maxContacts, maxVisitors,
    visitor: visitorKey(visitorId),
    horizon: catalog.ledger,
    timings: timingsOf(catalog),
    visitorUntil: now + catalog.ledger.windowMs,
  };
}

function answerOf(result: LinkResult, customerId: string, visitorId: string): VisitorLinkAnswer {
  switch (result.type) {
    case 'joined': case 'repeated': {
      const { contacts, events, linkedAt } = result;
      return { customerId, visitorId, linkedAt: new Date(linkedAt).toISOString(), contacts, events, repeated: result.type === 'repeated' };
    }
    case 'unknown-customer': throw new ServiceError('NOT_FOUND', 'There is no such customer; nothing was written');
    case 'other-customer': throw new ServiceError('CONFLICT', 'The visitor has been linked to another customer; nothing was written', [{ pointer: '/visitorId', detail: 'This visitor is another customer already' }]);
    case 'too-many-visitors': throw new ServiceError('TOO_MANY', `This customer has ${maxVisitors} visitors already; nothing was written. DELETE /v1/visitors/{id} ends the link of one that is not used any more`);
    case 'ledger-full': throw ledgerFull();
  }
}
