/**
 * The made-up company that the bench decides for, as plain facts: offers and customers, each from its number. Which
 * offers a customer may get is built in, so that it can be said beforehand: those of the customer's band, one of
 * `bands`; the nine general rules let every customer pass, and one rule (the gate, at another place among the others
 * for each offer) asks for the band.
 */
export const kinds = ['cross-sell', 'up-sell', 'loyalty', 'retention', 'service'];
export const regions = ['north', 'south', 'east', 'west', 'center'];
export const segments = ['student', 'mass', 'affluent', 'private'];
/** The number attributes of a customer, each with the range that it is in. */
export const numbers = {
  age: [18, 90], income: [0, 900_000], balance: [0, 500_000], savings: [0, 20_000], tenureMonths: [0, 400], productCount: [0, 9], logins: [0, 60], complaints: [0, 4], claims: [0, 3], missedPayments: [0, 3],
  children: [0, 5], distanceKm: [0, 80], spend30: [0, 30_000], spend90: [0, 80_000], visits30: [0, 30], visits90: [0, 80], emailsOpened: [0, 40], calls: [0, 12], points: [0, 20_000], discountShare: [0, 60],
};
const day = 86_400_000;

/** A whole number in the range, scattered by two numbers. */
const scatter = (a, b, [from, to]) => from + (Math.imul(a * 2654435761 + b * 40503 + 12345, 2246822519) >>> 8) % (to - from + 1);

export const offerId = (index) => `offer-${String(index).padStart(5, '0')}`;
export const customerId = (index) => `C-${String(index).padStart(7, '0')}`;

/** `margin`: how much more each offer of the first 100 is worth than at first. */
export function offerFacts(index, { bands, gates = 10, groups = 100, margin = 0 }) {
  return {
    id: offerId(index),
    kind: kinds[(index + Math.floor(index / 5)) % kinds.length],
    product: `product-${index}`,
    band: index % bands,
    gate: Math.floor(index / bands) % gates,
    group: index % groups,
    price: scatter(index, 1, [10, 2_000]),
    popularity: scatter(index, 2, [0, 100]),
    minimumIncome: scatter(index, 3, [0, 100_000]) - 100_000,
    regions: index % 3 === 0 ? regions : [],
    margin: scatter(index, 4, [20, 420]) + (index < 100 ? margin : 0),
    lever: index % 10 === 3 ? 1.2 : null,
  };
}

/** As `CustomerStore.load` takes them. `contacts`: how many, spread over 80 days up to yesterday, none of which makes a rule say no. */
export function customerFacts(index, { bands, offers, contacts, now }) {
  const attributes = { region: regions[index % regions.length], segment: segments[index % segments.length], band: index % bands, memberSince: '2015-04-01' };
  for (const [place, [name, range]] of Object.entries(numbers).entries()) attributes[name] = scatter(index, 100 + place, range);
  return {
    id: customerId(index),
    profile: { attributes, consents: ['call-center', 'web', 'email'], holdings: Array.from({ length: index % 5 }, (_, place) => `holding-${place}`), locale: 'en' },
    contacts: Array.from({ length: contacts }, (_, place) => contactFacts(index, place, { offers, contacts, now })),
  };
}

function contactFacts(customer, place, { offers, contacts, now }) {
  const occurredAt = now - 81 * day + Math.floor((place * 80 * day) / contacts);
  const outcome = place % 10 === 0 && now - occurredAt > 31 * day ? 'declined' : place % 4 === 3 ? 'clicked' : 'presented';
  return { decisionId: `00000000-0000-4000-8000-${String(customer * 1000 + place).padStart(12, '0')}`, offerId: offerId((customer + place * 17) % offers), channel: place % 2 === 0 ? 'call-center' : 'web', outcome, occurredAt };
}
