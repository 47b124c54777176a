import { endsPartnerConsent, eventsUnder, noEvents } from '../event-ledger.js';
import type { StoredProfile } from '../customer-store.js';
import { look } from './customer-record.js';
import { customerKeys } from './keys.js';
import { nextVersion } from './versions.js';
import { writeWithRoom, type Writing } from './write-with-room.js';

type PutResult = 'created' | 'replaced' | 'conflict';

/** `CustomerStore.putProfile`. Both versions change, as a claim must see other consents. */
export function putProfile(writing: Writing, customerId: string, profile: StoredProfile, ifVersion: number | undefined, wakeAt: number | undefined): Promise<PutResult> {
  const keys = customerKeys(writing.prefix, customerId);
  return writeWithRoom<PutResult>(writing, {
    customerId, keys,
    now: 0,
    look: () => look(writing.connection, keys, { visitorAt: null }),
    plan: ({ customer }) => {
      if (ifVersion !== undefined && ifVersion !== (customer?.profileVersion ?? 0)) return { type: 'done', result: 'conflict' };
      const version = nextVersion(customer);
      return {
        type: 'write',
        wishes: [],
        refusal: null,
        commit: () => ({
          wakeAt,
          forgetsPartners: endsPartnerConsent(customer?.profile, profile),
          isNew: customer === null,
          customer: { profile, contacts: customer?.contacts ?? [], events: eventsUnder(profile, customer?.events ?? noEvents), profileVersion: version, ledgerVersion: version },
        }),
        result: customer === null ? 'created' : 'replaced',
        full: () => 'conflict',
      };
    },
  });
}
