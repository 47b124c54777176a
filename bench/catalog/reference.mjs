import { check, checkEqual, nearly } from '../frame/check.mjs';
import { offerFacts } from './company.mjs';
import { features } from './features.mjs';

const weights = { broaden: { 'cross-sell': 1.3, 'up-sell': 1.1 }, maintain: { loyalty: 1.2 } };

/** The offers that the customer may get, in the catalog's order. */
export function eligibleOffers({ profile: { attributes } }, shape) {
  return Array.from({ length: shape.offers }, (_, index) => offerFacts(index, shape)).filter(({ band }) => band === attributes.band);
}

/** The ranking as it must be, worked out from the facts alone: best first, those that the customer may get. */
export function expectedRanking(customer, shape, model) {
  const { attributes, holdings } = customer.profile;
  const strategy = holdings.length < 3 ? 'broaden' : 'maintain';
  return eligibleOffers(customer, shape)
    .map((offer) => {
      const propensity = model === null ? (offer.popularity + 1) / 1000 : model.score(features(customer, offer));
      const weight = (weights[strategy][offer.kind] ?? 1) * (offer.lever ?? 1);
      return { offerId: offer.id, propensity, priority: propensity * offer.margin * (attributes.tenureMonths > 24 ? 5 : 3) * weight };
    })
    .sort((a, b) => b.priority - a.priority || (a.offerId < b.offerId ? -1 : 1));
}

/** Holds an answer of the service (or of its decision service) against the facts. */
export function checkAnswer(answer, customer, shape, model, limit = 3) {
  const expected = expectedRanking(customer, shape, model).slice(0, limit);
  checkEqual(answer.degraded, [], `degraded for ${customer.id}`);
  // The runtime adds up in single precision, which may swap two that are as good as equal.
  checkEqual(answer.offers.map(({ offerId }) => offerId), expected.map(({ offerId }) => offerId), `offers for ${customer.id}`);
  for (const [place, { propensity, priority }] of expected.entries()) {
    check(nearly(answer.offers[place].propensity, propensity), `propensity ${answer.offers[place].propensity} for ${customer.id}, and it should be ${propensity}`);
    check(nearly(answer.offers[place].priority, priority, 1e-4), `priority ${answer.offers[place].priority} for ${customer.id}, and it should be ${priority}`);
  }
}
