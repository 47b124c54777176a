import type { Phase } from './sample-customer.js';
import { dayBefore, type Person, type Relation } from './sample-person.js';
import type { SeededRandom } from './seeded-random.js';

/** How somebody stands with us: what they hold, how often they look in, what is open between us. */
export interface SampleRelation {
  readonly phase: Phase;
  /** Membership, logins and the rest, without the number of products, which the history may still change. */
  readonly attributes: Omit<Relation, 'productCount'>;
  readonly holdings: readonly string[];
  /** Since when the person has been known to us, in days. */
  readonly memberDays: number;
  /** For those who have left: how many days ago. */
  readonly leftDays: number | null;
}

const insurances = ['home-insurance', 'car-insurance', 'child-insurance', 'life-insurance', 'travel-insurance'];

/** A relationship that is in the given phase by the sample catalog's definition of the phases (schema.yaml). */
export function sampleRelation(phase: Phase, person: Person, random: SeededRandom, now: number): SampleRelation {
  const memberDays = phase === 'onboard' ? random.integer(2, 88) : random.integer(120, Math.max(400, Math.min(30, person.age - 17) * 365));
  const complains = phase === 'retain' && random.chance(0.45);
  const leftDays = phase === 'exit' && random.chance(0.4) ? random.integer(3, 400) : null;
  const holdings = holdingsIn(phase, complains, leftDays !== null, person, random);
  const looksIn = Math.round(person.digitalActivity * random.integer(1, 28));
  const isQuiet = (phase === 'retain' && !complains) || leftDays !== null;
  return {
    phase, holdings, memberDays, leftDays,
    attributes: {
      memberSince: dayBefore(now, memberDays),
      loginsLast30Days: isQuiet ? 0 : phase === 'onboard' ? looksIn : Math.max(1, looksIn),
      openClaims: holdings.some((product) => insurances.includes(product)) && random.chance(0.07) ? 1 : 0,
      openComplaints: complains ? random.pick([1, 1, 2]) : 0,
      missedPayments: { none: 0, one: 1, two: 2, many: random.integer(3, 6) }[random.weighted({ none: 1, one: person.balance < 2_000 ? 0.3 : 0.06, two: person.balance < 2_000 ? 0.15 : 0.02, many: 0.01 })],
      ...(holdings.includes('mortgage') && random.chance(0.75) ? { mortgageRenewal: dayBefore(now, -random.integer(3, random.chance(0.3) ? 120 : 1500)) } : {}),
      ...(phase === 'exit' ? { cancellationDate: leftDays === null ? dayBefore(now, -random.integer(5, 60)) : dayBefore(now, leftDays) } : {}),
      ...(random.chance(person.age > 80 ? 0.03 : 0.003) ? { deceased: true as const } : {}),
      ...(random.chance(person.age > 80 ? 0.08 : 0.012) ? { vulnerable: true as const } : {}),
    },
  };
}

function holdingsIn(phase: Phase, complains: boolean, hasLeft: boolean, person: Person, random: SeededRandom): readonly string[] {
  if (phase === 'attract' || hasLeft) return [];
  if (phase === 'onboard') return random.chance(0.7) ? ['current-account', 'card'] : [random.pick(['current-account', 'savings-account', 'home-insurance'])];
  if (phase === 'retain' && !complains) return [random.pick(['current-account', 'savings-account', 'car-insurance', 'credit-card'].filter((product) => product !== 'car-insurance' || person.carOwner))];
  return householdHoldings(person, random);
}

/** What a household with these attributes tends to have; at least one product. What builds on another follows it. */
function householdHoldings(person: Person, random: SeededRandom): readonly string[] {
  const held: string[] = [];
  const add = (product: string, chance: number, condition = true): boolean => {
    const isHeld = random.chance(chance) && condition;
    if (isHeld) held.push(product);
    return isHeld;
  };
  const means = Math.min(1, person.incomeYearly / 900_000);
  const owns = person.housing !== 'rents';
  if (add('current-account', 0.92)) add('card', 0.88);
  add('savings-account', 0.6);
  if (add('fund-savings', 0.15 + means * 0.5, person.savingsMonthly > 0)) add('private-banking', 0.4, person.segment === 'private');
  add('pension', 0.22, person.age >= 28 && person.age < 66);
  add('mortgage', 0.45, owns && person.incomeYearly >= 200_000);
  add('personal-loan', 0.08, person.incomeYearly >= 200_000);
  add('car-loan', 0.12, person.carOwner && person.incomeYearly >= 200_000);
  if (add('credit-card', 0.28, person.incomeYearly >= 200_000)) add('credit-card-gold', 0.25, person.segment === 'affluent' || person.segment === 'private');
  if (add('home-insurance', owns ? 0.5 : 0.35)) add('home-insurance-plus', 0.2);
  if (add('car-insurance', 0.4, person.carOwner)) add('car-insurance-plus', 0.3);
  add('child-insurance', 0.35, person.children > 0);
  add('life-insurance', 0.12, person.household !== 'single');
  add('travel-insurance', 0.1);
  if (held.filter((product) => insurances.includes(product)).length >= 2) add('bundle', 0.4);
  return held.length > 0 ? held : ['current-account'];
}
