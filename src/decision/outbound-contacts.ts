import { dayMs } from './calendar.js';
import type { Situation } from './situation.js';
import type { Contact, OutboundContact } from './types.js';

const longestMs = 30 * dayMs;
const most = 10;

/** What triggers said by themselves to the customer of late, in whatever channel, the newest first, and what became of it: so
 *  that whoever speaks with the customer now knows. Only where there is something, and reasons are asked for. */
export function outboundContactsOf({ customer: { contacts = [] }, request: { explain }, now }: Situation): readonly OutboundContact[] | undefined {
  if (explain === 'none') return undefined;
  const said: OutboundContact[] = [];
  for (let place = contacts.length - 1; place >= 0 && said.length < most; place--) {
    const contact = contacts[place]!;
    if (contact.occurredAt < now - longestMs) break;
    if (contact.trigger === undefined || contact.offerId === undefined) continue;
    said.push({ occurredAt: contact.occurredAt, channel: contact.channel, offerId: contact.offerId, ...(contact.trigger !== '' && { trigger: contact.trigger }), outcome: latestOutcome(contacts, place) });
  }
  return said.length === 0 ? undefined : said;
}

/** The last that is known of what was said. */
function latestOutcome(contacts: readonly Contact[], place: number): Contact['outcome'] {
  const { decisionId, offerId, outcome } = contacts[place]!;
  return contacts.slice(place + 1).findLast((other) => other.decisionId === decisionId && other.offerId === offerId)?.outcome ?? outcome;
}
