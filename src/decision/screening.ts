import { fillOffer } from './slots.js';
import { limitInWords } from './limit-words.js';
import { newCandidate, type Candidate } from './candidate.js';
import { openSweep, type Sweep } from './rule-sweep.js';
import { withoutTreatment, type Place } from './places.js';
import type { TriggerVerdicts } from './trigger-verdicts.js';
import type { Situation } from './situation.js';
import type { Offer, PreparedRule, Rejection } from './types.js';

/** What the cheap questions hang on, beside the customer. */
export interface Screen {
  readonly situation: Situation;
  readonly verdicts: TriggerVerdicts;
  readonly places: readonly Place[];
  /** The offers to look at, ascending; `null`: all of the catalog. */
  readonly rows: Int32Array | null;
}

/** The rows of these offers, as far as the catalog has them, ascending. */
export function rowsOf(ids: Iterable<string>, { catalog: { offersById } }: Situation): Int32Array {
  const rows = new Set<number>();
  for (const id of ids) {
    const offer = offersById.get(id);
    if (offer !== undefined) rows.add(offer.row);
  }
  return Int32Array.from(rows).sort();
}

/**
 * The offers that nothing refuses before scoring, ascending by id. Rules that concern most offers are asked of all that
 * are left at once; the others offer by offer, until the first no.
 */
export function screen(screened: Screen): Candidate[] {
  const { situation } = screened;
  const { catalog: { screening, offers } } = situation;
  const rows = screening.scratch();
  const sweep = openSweep(situation);
  let end = fillRows(rows, screened);
  for (const rule of screening.broad) {
    if (end === 0) break;
    end = sweep.pass(rule, rows, 0, end);
  }
  sortRows(rows, end);
  const free = freeRows(situation);
  const left: Candidate[] = [];
  for (let at = 0; at < end; at += 1) {
    const row = rows[at]!;
    const offer = offers[row]!;
    if (passesNarrow(sweep, screening.byOffer[row]!.narrow, rows, at) && (free?.[row] === 1 || barredBy(offer, screened) === null)) left.push(newCandidate(offer, situation, left.length));
  }
  return left;
}

function fillRows(rows: Int32Array, { situation: { catalog, request }, rows: only }: Screen): number {
  if (only === null) return catalog.screening.rowsOfChannel(request.channel, rows);
  rows.set(only);
  return only.length;
}

/** They are in order but where a rule with || has moved them. */
function sortRows(rows: Int32Array, count: number): void {
  for (let at = 1; at < count; at += 1) {
    if (rows[at - 1]! < rows[at]!) continue;
    rows.subarray(0, count).sort();
    return;
  }
}

function passesNarrow(sweep: Sweep, rules: readonly PreparedRule[], rows: Int32Array, at: number): boolean {
  for (let index = 0; index < rules.length; index += 1) if (sweep.pass(rules[index]!, rows, at, at + 1) === at) return false;
  return true;
}

/** By row 1 where nothing but rules can exclude the offer here, so that nothing else need be asked; `null`: anything may. */
export function freeRows({ catalog: { screening }, request: { channel }, contested }: Situation): Uint8Array | null {
  return contested.size === 0 ? screening.freeIn(channel) : null;
}

/** The first thing beside rules that excludes an offer. */
export function barredBy(offer: Offer, screened: Screen): Rejection | null {
  for (const bar of bars) {
    const rejection = bar(offer, screened);
    if (rejection !== null) return rejection;
  }
  return null;
}

type Bar = (offer: Offer, screened: Screen) => Rejection | null;

const notUnlocked: Bar = (offer, { verdicts, situation: { catalog } }) => {
  if (verdicts.isUnlocked(offer)) return null;
  const ids = offer.triggers.unlocking.map((place) => catalog.triggers[place]!.id);
  return { rule: 'trigger', kind: 'trigger', reason: `Exists only while ${ids.join(' or ')} is active` };
};

const limitUsedUp: Bar = ({ limits }, { situation: { customer: { limitUsage } } }) => {
  for (const limit of limits) {
    if (limitUsage === undefined) return { rule: 'limit', kind: 'limit', reason: 'How much of the limit is left is not known (missing: limits)' };
    if ((limitUsage.get(limit.key) ?? 0) >= limit.max) return { rule: 'limit', kind: 'limit', reason: `The limit of ${limitInWords(limit)} is used up` };
  }
  return null;
};

const taken: Bar = ({ id }, { situation: { contested } }) => contested.has(id) ? { rule: 'claim', kind: 'claim', reason: 'Another decision took it at the same moment' } : null;

const untreated: Bar = (offer, { situation, places }) => {
  if (offer.treatments.length === 0) return null;
  fillOffer(situation.slots, situation.catalog.layout, offer);
  return withoutTreatment(offer, places, situation);
};

/** What excludes an offer beside rules: it is not unlocked, a limit is used up, it is contested, no treatment fits. */
export const bars: readonly Bar[] = [notUnlocked, limitUsedUp, taken, untreated];
