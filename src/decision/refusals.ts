import { barredBy, bars, isFree, type Screen } from './screening.js';
import { judge } from './rules.js';
import { newCandidate, refuse, type Candidate, type RefusedBefore } from './candidate.js';
import { openSweep } from './rule-sweep.js';
import type { Situation } from './situation.js';
import type { Offer, PreparedRule, Rejection } from './types.js';

/** Every offer that is looked at, with everything that refuses it before scoring, in the order in which it is asked. */
export function screenWithReasons(screened: Screen): Candidate[] {
  const candidates = offersAsked(screened).map((offer, place) => newCandidate(offer, screened.situation, place));
  addRefusals(candidates, screened, { all: true });
  return candidates;
}

/** `all`: everything that refuses them; else the first of it. */
function addRefusals(candidates: readonly Candidate[], screened: Screen, { all }: { readonly all: boolean }): void {
  const { situation } = screened;
  const { screening, offers } = situation.catalog;
  const asked = new Array<Candidate | undefined>(offers.length);
  for (const candidate of candidates) asked[candidate.offer.row] = candidate;
  let left = candidates.length;
  const rows = screening.scratch();
  const sweep = openSweep(situation);
  for (const rule of screening.rules) {
    if (left === 0) return;
    const concerned = rule.rowsInto(rows);
    const count = left === offers.length ? concerned : keepAsked(rows, concerned, asked);
    const passed = sweep.pass(rule, rows, 0, count);
    for (let at = passed, told = tell(rule, rows, passed, count, situation); at < count; at += 1) {
      const row = rows[at]!;
      refuse(asked[row]!, told(at));
      if (all) continue;
      asked[row] = undefined;
      left -= 1;
    }
  }
  for (const candidate of candidates) {
    if (isFree(candidate.offer, situation)) continue;
    if (all) for (const bar of bars) refuseBy(candidate, bar(candidate.offer, screened));
    else if (candidate.rejections.length === 0) refuseBy(candidate, barredBy(candidate.offer, screened));
  }
}

function keepAsked(rows: Int32Array, count: number, asked: readonly (Candidate | undefined)[]): number {
  let end = 0;
  for (let at = 0; at < count; at += 1) if (asked[rows[at]!] !== undefined) rows[end++] = rows[at]!;
  return end;
}

function refuseBy(candidate: Candidate, rejection: Rejection | null): void {
  if (rejection !== null) refuse(candidate, rejection);
}

/** What the rule says to those in [from, to), all of which it refuses, by their place among the rows. Where nothing can
 *  be missing it says the same to all of them. */
function tell(prepared: PreparedRule, rows: Int32Array, from: number, to: number, situation: Situation): (at: number) => Rejection {
  const { rule, isSettled, unsettled, fails, refusal } = prepared;
  if (from === to) return () => refusal;
  const applies = isSettled ? null : rule.applies;
  const isApplied = applies === null || (!applies.reads.has('offer') && applies.evaluate(situation.slots) === true);
  const isKnown = fails !== null || rule.check.type === 'quiet' || situation.history !== null;
  // Those that are known to fail come first now.
  const known = !isApplied || !isKnown ? from : fails === null ? to : fails(situation.slots, rows, from, to);
  return (at) => (at < known && !unsettled.has(rows[at]!) ? refusal : reasonFor(prepared, situation.catalog.offers[rows[at]!]!, situation));
}

function reasonFor({ rule, isSettled, unsettled }: PreparedRule, offer: Offer, situation: Situation): Rejection {
  return judge({ rule, applies: isSettled && !unsettled.has(offer.row) ? null : rule.applies }, offer, situation)!;
}

/** What refused the offers that are not left, for those who ask: the first no of each, in the order in which it is asked. */
export function openRefusals(screened: Screen, left: readonly Candidate[]): RefusedBefore {
  const { situation } = screened;
  let offersLeft: ReadonlySet<Offer> | undefined;
  const isLeft = (offer: Offer): boolean => (offersLeft ??= new Set(left.map((candidate) => candidate.offer))).has(offer);
  const known = new Map<Offer, Candidate>();
  return {
    all: () => {
      const refused = offersAsked(screened).filter((offer) => !isLeft(offer)).map((offer) => newCandidate(offer, situation));
      addRefusals(refused, screened, { all: false });
      return refused;
    },
    find: (offer) => {
      if (isLeft(offer) || screened.rows?.includes(offer.row) === false) return undefined;
      let candidate = known.get(offer);
      if (candidate === undefined) {
        known.set(offer, candidate = newCandidate(offer, situation));
        refuseBy(candidate, firstRefusal(offer, screened));
      }
      return candidate;
    },
  };
}

function firstRefusal(offer: Offer, screened: Screen): Rejection | null {
  for (const offerRule of offer.rules) {
    const rejection = offerRule.rule.beforeScoring ? judge(offerRule, offer, screened.situation) : null;
    if (rejection !== null) return rejection;
  }
  return barredBy(offer, screened);
}

function offersAsked({ situation: { catalog: { offers } }, rows }: Screen): readonly Offer[] {
  return rows === null ? offers : Array.from(rows, (row) => offers[row]!);
}
