import { asksOfferItself, plainRefusal } from '../decision/rules.js';
import type { Cap, Check, Columns, Condition, Offer, OfferScreening, PreparedRule, RowFilter, Rule, Screening } from '../decision/types.js';
import { deepFreeze } from './deep-freeze.js';
import { mapPausing, type Pause } from './pauses.js';
import { hangsOnOfferAlone } from './rules-by-offer.js';

/** From this share of the offers on, a rule is asked of all of them at once. */
const broadShare = 0.5;

/** Sorts the rules that are asked before scoring by how they are best asked, and makes them ready for it. */
export async function prepareScreening(offers: readonly Offer[], rules: readonly Rule[], { columns, channels, pause }: { readonly columns: Columns; readonly channels: readonly string[]; readonly pause: Pause }): Promise<Screening> {
  const concerns = await concernsOf(offers, rules, pause);
  const prepared: PreparedRule[] = [];
  const broad: PreparedRule[] = [];
  const narrow = offers.map((): PreparedRule[] => []);
  for (const rule of rules.filter(({ beforeScoring }) => beforeScoring)) {
    const concern = concerns[rule.index]!;
    const isBroad = concern.rows.length >= offers.length * broadShare;
    const ready = await prepare(rule, concern, isBroad, offers.length, { columns, pause });
    prepared.push(ready);
    if (isBroad) broad.push(ready);
    else for (const row of concern.rows) narrow[row]!.push(ready);
  }
  const rowsByChannel = await rowsOf(channels, offers, pause);
  const freeByChannel = await freeRowsOf(channels, offers, pause);
  const scratch = new Int32Array(offers.length);
  return Object.freeze({
    rules: prepared,
    broad: [...broad.filter(({ isSameForAll }) => isSameForAll), ...broad.filter(({ isSameForAll }) => !isSameForAll)],
    byOffer: await mapPausing(offers, pause, (offer) => screeningOf(offer, narrow[offer.row]!)),
    sharedCaps: rules.map(({ check }) => check).filter(isOnPresented).filter(({ scope }) => scope !== 'offer'),
    rowsOfChannel: (channel: string, into: Int32Array) => copy(rowsByChannel.get(channel)!, into),
    freeIn: (channel: string) => freeByChannel.get(channel)!,
    scratch: () => scratch,
  });
}

function screeningOf({ rules }: Offer, narrow: PreparedRule[]): OfferScreening {
  return Object.freeze({
    narrow,
    onScore: rules.filter(({ rule }) => !rule.beforeScoring),
    onAnswer: rules.filter(({ rule: { check } }) => isOnPresented(check)),
  });
}

const isOnPresented = (check: Check): check is Cap => check.type === 'cap' && check.outcome === 'presented';

interface Concern { readonly rows: number[]; readonly unsettled: Set<number> }

/** By rule: the offers that it concerns. */
async function concernsOf(offers: readonly Offer[], rules: readonly Rule[], pause: Pause): Promise<readonly Concern[]> {
  const concerns = rules.map((): Concern => ({ rows: [], unsettled: new Set() }));
  for (const { row, rules: ofOffer } of offers) {
    for (const offerRule of ofOffer) {
      const { rows, unsettled } = concerns[offerRule.rule.index]!;
      rows.push(row);
      if (isSettled(offerRule.rule) && offerRule.applies !== null) unsettled.add(row);
    }
    await pause();
  }
  return concerns;
}

/** Its `applies` hangs on the offers alone, so that it has been asked at load. */
const isSettled = ({ applies }: Rule): boolean => applies === null || hangsOnOfferAlone(applies);

async function prepare(rule: Rule, { rows: list, unsettled }: Concern, isBroad: boolean, size: number, { columns, pause }: { readonly columns: Columns; readonly pause: Pause }): Promise<PreparedRule> {
  const { applies, check } = rule;
  const settled = isSettled(rule);
  const rows = Int32Array.from(list);
  const conditions = [settled ? null : applies, check.type === 'require' ? check.require : null];
  const require = check.type === 'require' ? check.require : null;
  const among = async (condition: Condition | null, wanted: boolean): Promise<RowFilter | null> => {
    await pause();
    return condition?.among(columns, { wanted, settle: isBroad }) ?? null;
  };
  return deepFreeze({
    rule, unsettled,
    rowsInto: (into: Int32Array) => copy(rows, into),
    others: isBroad && rows.length < size ? othersThan(rows, size) : null,
    isSameForAll: !asksOfferItself(check) && conditions.every((condition) => condition?.reads.has('offer') !== true),
    isSettled: settled,
    spares: await among(settled ? null : applies, false),
    meets: await among(require, true),
    fails: await among(require, false),
    refusal: plainRefusal(rule),
  });
}

function copy(rows: Int32Array, into: Int32Array): number {
  into.set(rows);
  return rows.length;
}

function othersThan(rows: Int32Array, size: number): RowFilter {
  const isConcerned = new Uint8Array(size);
  for (const row of rows) isConcerned[row] = 1;
  return (_slots, asked, from, to) => {
    let end = from;
    for (let at = from; at < to; at += 1) {
      const row = asked[at]!;
      if (isConcerned[row] === 1) continue;
      asked[at] = asked[end]!;
      asked[end++] = row;
    }
    return end;
  };
}

/** By channel: the offers that may be made there as far as their treatments go. */
async function rowsOf(channels: readonly string[], offers: readonly Offer[], pause: Pause): Promise<ReadonlyMap<string, Int32Array>> {
  const rows = new Map(channels.map((channel) => [channel, [] as number[]]));
  for (const { row, treatments } of offers) {
    for (const channel of treatments.length === 0 ? channels : new Set(treatments.map((treatment) => treatment.channel))) rows.get(channel)?.push(row);
    await pause();
  }
  return new Map([...rows].map(([channel, list]) => [channel, new Int32Array(list)]));
}

async function freeRowsOf(channels: readonly string[], offers: readonly Offer[], pause: Pause): Promise<ReadonlyMap<string, Uint8Array>> {
  const free = new Map(channels.map((channel) => [channel, new Uint8Array(offers.length)]));
  for (const offer of offers) {
    for (const channel of freeChannelsOf(offer, channels)) free.get(channel)![offer.row] = 1;
    await pause();
  }
  return free;
}

/** What `Screening.freeIn` says of one offer. */
function freeChannelsOf({ treatments, limits, triggers }: Offer, channels: readonly string[]): readonly string[] {
  if (limits.length > 0 || triggers.unlocking.length > 0) return [];
  if (treatments.length === 0) return channels;
  return treatments.filter(({ placement, locale, when }) => placement === undefined && locale === undefined && when === null).map(({ channel }) => channel);
}
