import type { OfferKind } from '../decision/types.js';

/** What a sample customer's history needs to know of an offer; a test holds the list to offers/*.yaml. */
export interface SampleOffer {
  readonly id: string;
  readonly kind: OfferKind;
  readonly category: 'savings' | 'credit' | 'insurance' | 'daily' | 'advice' | 'service';
  /** What the customer holds after accepting. */
  readonly product?: string;
  /** What the customer must hold before. */
  readonly requires?: string;
}

export const sampleOffers: readonly SampleOffer[] = [
  { id: 'anniversary-thanks', kind: 'loyalty', category: 'daily', requires: 'card' },
  { id: 'bundle-discount', kind: 'loyalty', category: 'insurance', product: 'bundle' },
  { id: 'car-insurance-plus', kind: 'up-sell', category: 'insurance', product: 'car-insurance-plus', requires: 'car-insurance' },
  { id: 'car-insurance', kind: 'cross-sell', category: 'insurance', product: 'car-insurance' },
  { id: 'car-loan', kind: 'cross-sell', category: 'credit', product: 'car-loan' },
  { id: 'child-insurance', kind: 'cross-sell', category: 'insurance', product: 'child-insurance' },
  { id: 'claim-status', kind: 'service', category: 'service' },
  { id: 'come-back-account', kind: 'win-back', category: 'daily', product: 'current-account' },
  { id: 'come-back-insurance', kind: 'win-back', category: 'insurance', product: 'bundle' },
  { id: 'contact-us', kind: 'service', category: 'service' },
  { id: 'credit-card-gold', kind: 'up-sell', category: 'credit', product: 'credit-card-gold', requires: 'credit-card' },
  { id: 'credit-card', kind: 'cross-sell', category: 'credit', product: 'credit-card' },
  { id: 'digital-start', kind: 'onboarding', category: 'daily' },
  { id: 'financial-checkup', kind: 'service', category: 'advice' },
  { id: 'fund-savings', kind: 'cross-sell', category: 'savings', product: 'fund-savings' },
  { id: 'green-renovation', kind: 'up-sell', category: 'credit', requires: 'mortgage' },
  { id: 'home-insurance-plus', kind: 'up-sell', category: 'insurance', product: 'home-insurance-plus', requires: 'home-insurance' },
  { id: 'home-insurance', kind: 'cross-sell', category: 'insurance', product: 'home-insurance' },
  { id: 'life-insurance', kind: 'cross-sell', category: 'insurance', product: 'life-insurance' },
  { id: 'mortgage-renewal', kind: 'retention', category: 'credit', requires: 'mortgage' },
  { id: 'mortgage', kind: 'cross-sell', category: 'credit', product: 'mortgage' },
  { id: 'payment-plan', kind: 'service', category: 'service' },
  { id: 'pension-savings', kind: 'cross-sell', category: 'savings', product: 'pension' },
  { id: 'personal-loan', kind: 'cross-sell', category: 'credit', product: 'personal-loan' },
  { id: 'private-banking', kind: 'up-sell', category: 'advice', product: 'private-banking', requires: 'fund-savings' },
  { id: 'refer-a-friend', kind: 'loyalty', category: 'daily' },
  { id: 'salary-and-bills', kind: 'onboarding', category: 'daily', product: 'current-account' },
  { id: 'savings-account', kind: 'cross-sell', category: 'savings', product: 'savings-account' },
  { id: 'savings-step-up', kind: 'up-sell', category: 'savings', requires: 'fund-savings' },
  { id: 'stay-fee-free', kind: 'retention', category: 'daily' },
  { id: 'stay-review', kind: 'retention', category: 'advice' },
  { id: 'storm-check', kind: 'service', category: 'service', requires: 'home-insurance' },
  { id: 'travel-insurance', kind: 'cross-sell', category: 'insurance', product: 'travel-insurance' },
  { id: 'welcome-call', kind: 'onboarding', category: 'advice' },
];
