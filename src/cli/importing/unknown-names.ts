import type { Catalog, Contact } from '../../decision/types.js';

export interface UnknownName { readonly what: 'channel' | 'offer' | 'activity'; readonly name: string; readonly contacts: number }

const mostNames = 20;

/**
 * Counts what contacts name and the catalog does not know. Such contacts are right in themselves (an offer may have
 * been taken out of the catalog since), but a misspelt name would never count in a cap, so it must not go unnoticed.
 */
export function createUnknownNames({ channels, activities, offersById }: Catalog): { note(contacts: readonly Contact[]): void; found(): readonly UnknownName[] } {
  const names = new Map<string, { what: UnknownName['what']; name: string; contacts: number }>();
  const add = (what: UnknownName['what'], name: string): void => {
    const key = `${what} ${name}`;
    const known = names.get(key);
    if (known !== undefined) known.contacts += 1;
    else if (names.size < mostNames) names.set(key, { what, name, contacts: 1 });
  };
  return {
    note: (contacts) => {
      for (const { channel, offerId, activity } of contacts) {
        if (!channels.includes(channel)) add('channel', channel);
        if (offerId !== undefined && !offersById.has(offerId)) add('offer', offerId);
        if (activity !== undefined && !activities.includes(activity)) add('activity', activity);
      }
    },
    found: () => [...names.values()],
  };
}
