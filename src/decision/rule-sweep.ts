import { hasRoomFor, scopeKey, type ContactCheck } from './contact-checks.js';
import { asksOfferItself, isMet } from './rules.js';
import type { Situation } from './situation.js';
import type { PreparedRule } from './types.js';

/** Asks rules of many offers at once. Rows are offers; those that pass are moved to the front. */
export interface Sweep {
  /** The place after the last of the rows in [from, to) that the rule lets pass. */
  pass(rule: PreparedRule, rows: Int32Array, from: number, to: number): number;
}

/** One for each situation: rules whose answer is the same for all offers are asked once. */
export function openSweep(situation: Situation): Sweep {
  const { catalog: { rules, offers }, slots } = situation;
  const answers = new Uint8Array(rules.length);
  const isPassed = ({ rule, isSettled }: PreparedRule, row: number): boolean => {
    const known = answers[rule.index]!;
    if (known !== 0) return known === passed;
    const passes = (!isSettled && rule.applies?.evaluate(slots) === false) || isMet(rule.check, offers[row]!, situation);
    answers[rule.index] = passes ? passed : refused;
    return passes;
  };
  return {
    pass: (prepared, rows, from, to) => {
      const start = prepared.others === null ? from : prepared.others(slots, rows, from, to);
      if (start === to) return to;
      if (prepared.isSameForAll) return isPassed(prepared, rows[start]!) ? to : start;
      const left = prepared.spares === null ? start : prepared.spares(slots, rows, start, to);
      return left === to ? to : meet(prepared, situation, rows, left, to);
    },
  };
}

const passed = 1;
const refused = 2;

function meet({ rule: { check }, meets }: PreparedRule, situation: Situation, rows: Int32Array, from: number, to: number): number {
  if (meets !== null) return meets(situation.slots, rows, from, to);
  if (to - from === 1 || !asksOfferItself(check)) return isMet(check, situation.catalog.offers[rows[from]!]!, situation) ? to : from;
  return situation.history === null ? from : passWithRoom(check as ContactCheck, situation, rows, from, to);
}

/** A customer has few contacts, so what they leave no room for is found first; mostly that is nothing. */
function passWithRoom(check: ContactCheck, situation: Situation, rows: Int32Array, from: number, to: number): number {
  if (check.type === 'cap' && check.max === 0) return from;
  const full = new Set<string>();
  const contacts = situation.history!.within(check.type === 'cap' ? check.outcome : check.after, check.scope);
  for (const key of contacts.keys()) if (!hasRoomFor(check, key, situation)) full.add(key);
  if (full.size === 0) return to;
  const { offers } = situation.catalog;
  let end = from;
  for (let at = from; at < to; at += 1) {
    const row = rows[at]!;
    if (full.has(scopeKey(check.scope, offers[row]!, situation))) continue;
    rows[at] = rows[end]!;
    rows[end++] = row;
  }
  return end;
}
