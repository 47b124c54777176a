import type { OfferKind, Outcome } from '../decision/types.js';

/** One line of a customer file, as an import takes it and an export gives it. Dates as "2026-11-23", times in RFC 3339. */
export interface SampleCustomer {
  readonly id: string;
  readonly attributes: SampleAttributes;
  readonly consents: readonly string[];
  readonly holdings: readonly string[];
  readonly timeZone: string;
  readonly locale: string;
  /** Ascending by time. */
  readonly contacts: readonly SampleContact[];
}

export interface SampleContact {
  readonly decisionId?: string;
  readonly offerId?: string;
  readonly kind?: OfferKind;
  readonly activity?: string;
  readonly channel: string;
  readonly outcome: Outcome;
  readonly occurredAt: string;
}

/** The customer's attributes of the sample catalog's schema.yaml. Money in SEK. */
export interface SampleAttributes {
  readonly age?: number;
  readonly birthDate?: string;
  readonly region: Region;
  readonly household: Household;
  readonly housing: Housing;
  readonly memberSince: string;
  readonly segment: Segment;
  readonly incomeYearly?: number;
  readonly balance: number;
  readonly savingsMonthly: number;
  readonly productCount: number;
  readonly digitalActivity: number;
  readonly loginsLast30Days: number;
  readonly openClaims: number;
  readonly openComplaints: number;
  readonly missedPayments: number;
  readonly carOwner: boolean;
  readonly children: number;
  readonly mortgageRenewal?: string;
  readonly cancellationDate?: string;
  /** Marks: there only where true. */
  readonly deceased?: true;
  readonly vulnerable?: true;
}

export type Region = 'north' | 'middle' | 'stockholm' | 'west' | 'south';
export type Household = 'single' | 'couple' | 'family';
export type Housing = 'rents' | 'owns-flat' | 'owns-house';
export type Segment = 'student' | 'mass' | 'affluent' | 'private';
export const phases = ['attract', 'onboard', 'engage', 'retain', 'exit'] as const;
export type Phase = (typeof phases)[number];
