import { forgetPartnersAgenda } from './agenda-table.js';
import { removePartnerEventsOf } from './answered-outcomes.js';
import type { Tables } from './environment.js';

/** What hangs on partners' data beside a customer goes; what lies in the customer's value is the writer's. */
export function forgetPartners(tables: Tables, customerId: string): void {
  forgetPartnersAgenda(tables, customerId);
  removePartnerEventsOf(tables, customerId);
}
