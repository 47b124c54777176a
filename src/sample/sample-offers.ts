import type { OfferKind } from '../decision/types.js';

/** What a sample customer's history needs to know of an offer; a test holds the list to offers/*.yaml. */
export interface SampleOffer {
  readonly id: string;
  readonly kind: OfferKind;
  /** What the customer holds after accepting. */
  readonly product?: string;
  /** What the customer must hold before. */
  readonly requires?: string;
  readonly credit?: true;
}

export const sampleOffers: readonly SampleOffer[] = [
  { id: 'anniversary-thanks', kind: 'loyalty', requires: 'card' },
  { id: 'bundle-discount', kind: 'loyalty', product: 'bundle' },
  { id: 'car-insurance-plus', kind: 'up-sell', product: 'car-insurance-plus', requires: 'car-insurance' },
  { id: 'car-insurance', kind: 'cross-sell', product: 'car-insurance' },
  { id: 'car-loan', kind: 'cross-sell', product: 'car-loan', credit: true },
  { id: 'child-insurance', kind: 'cross-sell', product: 'child-insurance' },
  { id: 'claim-status', kind: 'service' },
  { id: 'come-back-account', kind: 'win-back', product: 'current-account' },
  { id: 'come-back-insurance', kind: 'win-back', product: 'bundle' },
  { id: 'contact-us', kind: 'service' },
  { id: 'credit-card-gold', kind: 'up-sell', product: 'credit-card-gold', requires: 'credit-card', credit: true },
  { id: 'credit-card', kind: 'cross-sell', product: 'credit-card', credit: true },
  { id: 'digital-start', kind: 'onboarding' },
  { id: 'financial-checkup', kind: 'service' },
  { id: 'fund-savings', kind: 'cross-sell', product: 'fund-savings' },
  { id: 'green-renovation', kind: 'up-sell', requires: 'mortgage', credit: true },
  { id: 'home-insurance-plus', kind: 'up-sell', product: 'home-insurance-plus', requires: 'home-insurance' },
  { id: 'home-insurance', kind: 'cross-sell', product: 'home-insurance' },
  { id: 'life-insurance', kind: 'cross-sell', product: 'life-insurance' },
  { id: 'mortgage-renewal', kind: 'retention', requires: 'mortgage', credit: true },
  { id: 'mortgage', kind: 'cross-sell', product: 'mortgage', credit: true },
  { id: 'payment-plan', kind: 'service' },
  { id: 'pension-savings', kind: 'cross-sell', product: 'pension' },
  { id: 'personal-loan', kind: 'cross-sell', product: 'personal-loan', credit: true },
  { id: 'private-banking', kind: 'up-sell', product: 'private-banking', requires: 'fund-savings' },
  { id: 'refer-a-friend', kind: 'loyalty' },
  { id: 'salary-and-bills', kind: 'onboarding', product: 'current-account' },
  { id: 'savings-account', kind: 'cross-sell', product: 'savings-account' },
  { id: 'savings-step-up', kind: 'up-sell', requires: 'fund-savings' },
  { id: 'stay-fee-free', kind: 'retention' },
  { id: 'stay-review', kind: 'retention' },
  { id: 'storm-check', kind: 'service', requires: 'home-insurance' },
  { id: 'travel-insurance', kind: 'cross-sell', product: 'travel-insurance' },
  { id: 'welcome-call', kind: 'onboarding' },
];
