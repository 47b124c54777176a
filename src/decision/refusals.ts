import { barredBy, bars, freeRows, type Screen } from './screening.js';
import { judge } from './rules.js';
import { newCandidate, notRefused, refuse, type Candidate, type RefusedBefore } from './candidate.js';
import { goOn, rejectionsOf, startTrail, type Trail } from './refusal-trail.js';
import { openSweep } from './rule-sweep.js';
import type { Situation } from './situation.js';
import type { Offer, PreparedRule, Rejection } from './types.js';

/** Every offer that is looked at, with everything that refuses it before scoring, in the order in which it is asked. */
export function screenWithReasons(screened: Screen): Candidate[] {
  return candidatesOf(offersAsked(screened), screened, { all: true });
}

/** `all`: they are scored, and everything that refuses them is found; else the first of it. */
function candidatesOf(offers: readonly Offer[], screened: Screen, { all }: { readonly all: boolean }): Candidate[] {
  const { situation } = screened;
  const start = startTrail(notRefused);
  const trails = new Array<Trail | undefined>(situation.catalog.offers.length);     // by row
  for (const { row } of offers) trails[row] = start;
  askRules(trails, screened, { all, start, count: offers.length });
  const free = freeRows(situation);
  const candidates = new Array<Candidate>(offers.length);
  for (let place = 0; place < offers.length; place += 1) {
    const offer = offers[place]!;
    let trail = trails[offer.row]!;
    if (free?.[offer.row] !== 1 && (all || trail === start)) {
      for (const bar of bars) {
        const rejection = bar(offer, screened);
        if (rejection !== null && (all || trail === start)) trail = goOn(trail, rejection);
      }
    }
    candidates[place] = newCandidate(offer, situation, all ? place : -1, rejectionsOf(trail));
  }
  return candidates;
}

/** `trails`: by row, of the offers that are asked; `count`: how many those are. */
function askRules(trails: (Trail | undefined)[], { situation }: Screen, { all, start, count }: { readonly all: boolean; readonly start: Trail; readonly count: number }): void {
  const { screening, offers } = situation.catalog;
  const rows = screening.scratch();
  const sweep = openSweep(situation);
  let left = count;
  for (const rule of screening.rules) {
    if (left === 0) return;
    const concerned = rule.rowsInto(rows);
    const to = left === offers.length ? concerned : bringForward(rows, 0, concerned, (row) => (all ? trails[row] !== undefined : trails[row] === start));
    const passed = sweep.pass(rule, rows, 0, to);
    const alike = toldAlike(rule, rows, passed, to, situation);
    for (let at = passed; at < alike; at += 1) trails[rows[at]!] = goOn(trails[rows[at]!]!, rule.refusal);
    for (let at = alike; at < to; at += 1) trails[rows[at]!] = goOn(trails[rows[at]!]!, reasonFor(rule, offers[rows[at]!]!, situation));
    if (!all) left -= to - passed;
  }
}

/** Moves the wanted ones of [from, to) to its front, in their order, and gives the place after the last of them. */
function bringForward(rows: Int32Array, from: number, to: number, isWanted: (row: number) => boolean): number {
  let end = from;
  for (let at = from; at < to; at += 1) {
    const row = rows[at]!;
    if (!isWanted(row)) continue;
    rows[at] = rows[end]!;
    rows[end++] = row;
  }
  return end;
}

/** Of those in [from, to), all of which the rule refuses, moves the ones to the front for whom nothing can be missing, so that it
 *  says the same to all of them; and gives the place after the last of these. */
function toldAlike({ rule, isSettled, unsettled, fails }: PreparedRule, rows: Int32Array, from: number, to: number, { slots, history }: Situation): number {
  if (from === to) return from;
  const applies = isSettled ? null : rule.applies;
  const isApplied = applies === null || (!applies.reads.has('offer') && applies.evaluate(slots) === true);
  const isKnown = fails !== null || rule.check.type === 'quiet' || history !== null;
  if (!isApplied || !isKnown) return from;
  const known = fails === null ? to : fails(slots, rows, from, to);
  return unsettled.size === 0 ? known : bringForward(rows, from, known, (row) => !unsettled.has(row));
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
    all: () => candidatesOf(offersAsked(screened).filter((offer) => !isLeft(offer)), screened, { all: false }),
    find: (offer) => {
      if (isLeft(offer) || screened.rows?.includes(offer.row) === false) return undefined;
      let candidate = known.get(offer);
      if (candidate === undefined) {
        known.set(offer, candidate = newCandidate(offer, situation));
        const rejection = firstRefusal(offer, screened);
        if (rejection !== null) refuse(candidate, rejection);
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
