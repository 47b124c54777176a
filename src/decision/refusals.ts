import { bars, type Screen } from './screening.js';
import { judge } from './rules.js';
import { newCandidate, refuse, type Candidate, type RefusedBefore } from './candidate.js';
import { openSweep } from './rule-sweep.js';
import type { Situation } from './situation.js';
import type { Offer, OfferRule, PreparedRule, Rejection, Rule } from './types.js';

/** Every offer that is looked at, with everything that refuses it before scoring, in the order in which it is asked. */
export function screenWithReasons(screened: Screen): Candidate[] {
  const { situation, rows: only } = screened;
  const { screening, offers } = situation.catalog;
  const byRow = new Array<Candidate | undefined>(offers.length);
  const candidates = lookedAt(screened).map((offer) => (byRow[offer.row] = newCandidate(offer, situation)));
  const sweep = openSweep(situation);
  for (const rule of screening.rules) {
    const rows = only === null ? rule.rows() : rule.rows().filter((row) => byRow[row] !== undefined);
    const passed = sweep.pass(rule, rows, 0, rows.length);
    for (let at = passed, told = tell(rule, rows, passed, situation); at < rows.length; at += 1) refuse(byRow[rows[at]!]!, told(at));
  }
  for (const candidate of candidates) {
    for (const bar of bars) {
      const rejection = bar(candidate.offer, screened);
      if (rejection !== null) refuse(candidate, rejection);
    }
  }
  return candidates;
}

/** What the rule says to those from `from` on, all of which it refuses, by their place among the rows. Where nothing can
 *  be missing it says the same to all of them. */
function tell(prepared: PreparedRule, rows: Int32Array, from: number, situation: Situation): (at: number) => Rejection {
  const { rule, isSettled, unsettled, fails, refusal } = prepared;
  if (from === rows.length) return () => refusal;
  const applies = isSettled ? null : rule.applies;
  const isApplied = applies === null || (!applies.reads.has('offer') && applies.evaluate(situation.slots) === true);
  const isKnown = fails !== null || rule.check.type === 'quiet' || situation.history !== null;
  // Those that are known to fail come first now.
  const known = !isApplied || !isKnown ? from : fails === null ? rows.length : fails(situation.slots, rows, from, rows.length);
  return (at) => (at < known && !unsettled.has(rows[at]!) ? refusal : reasonFor(prepared, situation.catalog.offers[rows[at]!]!, situation));
}

function reasonFor({ rule, isSettled, unsettled }: PreparedRule, offer: Offer, situation: Situation): Rejection {
  return judge({ rule, applies: isSettled && !unsettled.has(offer.row) ? null : rule.applies }, offer, situation)!;
}

/** What refused the offers that are not left, for those who ask: the first no of each, in the order in which it is asked. */
export function openRefusals(screened: Screen, left: readonly Candidate[]): RefusedBefore {
  const { situation } = screened;
  const known = new Map<Offer, Candidate>();
  const ask = openRules(situation);
  let offersLeft: ReadonlySet<Offer> | undefined;
  const isLeft = (offer: Offer): boolean => (offersLeft ??= new Set(left.map((candidate) => candidate.offer))).has(offer);
  const refused = (offer: Offer): Candidate => {
    let candidate = known.get(offer);
    if (candidate === undefined) {
      known.set(offer, candidate = newCandidate(offer, situation));
      refuse(candidate, firstRefusal(offer, ask, screened));
    }
    return candidate;
  };
  return {
    all: () => lookedAt(screened).filter((offer) => !isLeft(offer)).map(refused),
    find: (offer) => (isLeft(offer) || screened.rows?.includes(offer.row) === false ? undefined : refused(offer)),
  };
}

/** Rules whose answer is the same for every offer are asked once. */
function openRules(situation: Situation): (rule: OfferRule, offer: Offer) => Rejection | null {
  const answers = new Map<Rule, Rejection | null>();
  return (offerRule, offer) => {
    const { rule } = offerRule;
    if (!rule.sameForAllOffers) return judge(offerRule, offer, situation);
    let answer = answers.get(rule);
    if (answer === undefined) answers.set(rule, answer = judge(offerRule, offer, situation));
    return answer;
  };
}

function firstRefusal(offer: Offer, ask: ReturnType<typeof openRules>, screened: Screen): Rejection {
  for (const offerRule of offer.rules) {
    const rejection = offerRule.rule.beforeScoring ? ask(offerRule, offer) : null;
    if (rejection !== null) return rejection;
  }
  for (const bar of bars) {
    const rejection = bar(offer, screened);
    if (rejection !== null) return rejection;
  }
  throw new Error(`nothing refuses the offer ${offer.id}, yet it is not left`);
}

function lookedAt({ situation: { catalog: { offers } }, rows }: Screen): readonly Offer[] {
  return rows === null ? offers : Array.from(rows, (row) => offers[row]!);
}
