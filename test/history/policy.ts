import type { Policy } from './history.js';

export const policy: Policy = {
  freeOffers: new Set(['help']),
  maxPresentedPerOffer: 2,
  maxPresentedPerCustomer: 5,
  restAfter: new Set(['accepted', 'declined']),
  limit: { offerId: 'scarce', max: 12 },
};

/** The same as files of a catalog. Reservations are short, so that some end while the history is made. */
export const policyFiles: Readonly<Record<string, string>> = {
  'offers/offers.yaml': `
- { id: scarce, name: Scarce, kind: cross-sell, value: { volume: 1, margin: 100, duration: 1 }, propensity: { prior: 0.5 }, limits: [{ outcome: accepted, max: ${policy.limit.max}, per: total, reserve: 2s }] }
- { id: good, name: Good, kind: cross-sell, value: { volume: 1, margin: 50, duration: 1 }, propensity: { prior: 0.5 } }
- { id: fair, name: Fair, kind: cross-sell, value: { volume: 1, margin: 40, duration: 1 }, propensity: { prior: 0.5 } }
- { id: plain, name: Plain, kind: cross-sell, value: { volume: 1, margin: 30, duration: 1 }, propensity: { prior: 0.5 } }
- { id: help, name: Help, kind: service, value: { volume: 1, margin: 1, duration: 1 }, propensity: { prior: 0.5 } }
`,
  'rules/consent.yaml': '- { id: consent, kind: communication, applies: offer.kind != "service", require: channel in customer.consents }\n',
  'rules/contact.yaml': `
- { id: two-of-an-offer, kind: communication, applies: offer.kind != "service", cap: { outcome: presented, max: ${policy.maxPresentedPerOffer}, per: 7d, scope: offer } }
- { id: five-in-all, kind: communication, applies: offer.kind != "service", cap: { outcome: presented, max: ${policy.maxPresentedPerCustomer}, per: 7d, scope: kind } }
- { id: rest-after-no, kind: communication, applies: offer.kind != "service", cooldown: { after: declined, for: 30d, scope: offer } }
- { id: once-is-enough, kind: communication, applies: offer.kind != "service", cooldown: { after: accepted, for: ever, scope: offer } }
`,
};
