import { dayMs } from '../decision/calendar.js';
import type { Household, Housing, Phase, Region, SampleAttributes, Segment } from './sample-customer.js';
import type { SeededRandom } from './seeded-random.js';

/** Who somebody is, before it is known what they hold and how the relationship stands. */
export interface Person {
  readonly age: number;
  readonly birthDate: string;
  readonly region: Region;
  readonly household: Household;
  readonly housing: Housing;
  readonly segment: Segment;
  readonly incomeYearly: number;
  readonly balance: number;
  readonly savingsMonthly: number;
  readonly digitalActivity: number;
  readonly carOwner: boolean;
  readonly children: number;
}

const regions: Readonly<Record<Region, number>> = { north: 0.12, middle: 0.2, stockholm: 0.25, west: 0.22, south: 0.21 };
const between = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));
const roundTo = (step: number, value: number): number => Math.round(value / step) * step;
/** The day `days` before (or, negative, after) now, as "2026-11-23". */
export const dayBefore = (now: number, days: number): string => new Date(now - days * dayMs).toISOString().slice(0, 10);

/** A plausible grown-up: income follows age and segment, housing follows income and household, the rest follows these. */
export function samplePerson(random: SeededRandom, now: number): Person {
  const age = Math.round(between(18, random.chance(0.2) ? random.normal(24, 4) : random.normal(49, 16), 93));
  const region = random.weighted(regions);
  const segment = segmentOf(age, random);
  const incomeYearly = roundTo(1000, incomeOf(age, segment, random));
  const household = householdOf(age, random);
  const children = household === 'family' ? random.weighted({ one: 0.4, two: 0.45, three: 0.15 }) : 'none';
  const housing = housingOf(age, incomeYearly, household, region, random);
  const savingsMonthly = random.chance(0.25) ? 0 : roundTo(100, between(0, incomeYearly / 12 * random.normal(0.08, 0.05), 60_000));
  const balance = Math.round(between(-5_000, incomeYearly * random.fraction() * (0.1 + age / 90) * (segment === 'private' ? 6 : segment === 'affluent' ? 2 : 0.8), 20_000_000));
  const carChance = 0.12 + (housing === 'owns-house' ? 0.45 : 0) + (household === 'single' ? 0 : 0.2) - (region === 'stockholm' ? 0.15 : 0);
  return {
    age, birthDate: birthDateOf(age, random, now), region, household, housing, segment, incomeYearly, balance, savingsMonthly,
    digitalActivity: Math.round(between(0.02, random.normal(1.05 - age / 110, 0.15), 1) * 100) / 100,
    carOwner: random.chance(between(0.03, carChance, 0.95)),
    children: { none: 0, one: 1, two: 2, three: 3 }[children],
  };
}

/** Attributes with the relationship in them; `marks` are the members that only some customers have. */
export function attributesOf(person: Person, relation: Relation): SampleAttributes {
  return { ...person, ...relation };
}

export type Relation = Pick<SampleAttributes, 'memberSince' | 'productCount' | 'loginsLast30Days' | 'openClaims' | 'openComplaints' | 'missedPayments' | 'mortgageRenewal' | 'cancellationDate' | 'deceased' | 'vulnerable'>;

function segmentOf(age: number, random: SeededRandom): Segment {
  if (age < 28 && random.chance(0.5)) return 'student';
  return random.weighted({ mass: 0.72, affluent: 0.05 + between(0, (age - 30) / 120, 0.22), private: age > 35 ? 0.03 : 0.005 });
}

function incomeOf(age: number, segment: Segment, random: SeededRandom): number {
  const factor = { student: 0.35, mass: 1, affluent: 1.9, private: 3.4 }[segment];
  const career = age >= 66 ? 0.68 : between(0.75, 0.75 + (age - 20) / 80, 1.1);
  return between(40_000, 390_000 * factor * career * Math.exp(random.normal(0, 0.25)), 6_000_000);
}

function householdOf(age: number, random: SeededRandom): Household {
  if (age < 25) return random.weighted({ single: 0.75, couple: 0.22, family: 0.03 });
  if (age < 50) return random.weighted({ single: 0.3, couple: 0.22, family: 0.48 });
  return random.weighted({ single: 0.38, couple: 0.52, family: age < 62 ? 0.1 : 0.005 });
}

function housingOf(age: number, incomeYearly: number, household: Household, region: Region, random: SeededRandom): Housing {
  const means = between(0, incomeYearly / 700_000, 1);
  const settled = age >= 30 ? 1 : 0.25;
  const house = settled * (0.1 + means * 0.5) * (household === 'single' ? 0.4 : 1.3) * (region === 'stockholm' ? 0.55 : 1);
  const flat = settled * (0.15 + means * 0.4) * (region === 'stockholm' ? 1.6 : 1);
  return random.weighted({ 'owns-house': house, 'owns-flat': flat, rents: 0.4 });
}

/** A birthday in the past year gives exactly this age. 29 February is left out: in some years it is not there. */
function birthDateOf(age: number, random: SeededRandom, now: number): string {
  const lastBirthday = dayBefore(now, random.integer(0, 363));
  const [year, month, day] = lastBirthday.split('-');
  return `${Number(year) - age}-${month!}-${month === '02' && day === '29' ? '28' : day!}`;
}

/** How common each phase is among the customers of a bank that looks after them. */
export const phaseShares: Readonly<Record<Phase, number>> = { attract: 0.06, onboard: 0.12, engage: 0.58, retain: 0.14, exit: 0.1 };
