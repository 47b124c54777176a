import { lookedAt, type Assessment, type Candidate } from './candidate.js';
import { isFromModel, openOrigins, type OriginsOf } from './origins.js';
import { sortedByPriority } from './by-priority.js';
import type { Ranking, Seat } from './ranking.js';
import { outboundContactsOf } from './outbound-contacts.js';
import type { Ranked } from './ranked.js';
import type { Situation } from './situation.js';
import type { ActiveTrigger } from './triggers.js';
import type { VerdictOf } from './trigger-verdicts.js';
import type { Catalog, Decision, ExcludedOffer, Factors, OfferedOffer, Strategy, TriggerReport } from './types.js';

/** What the steps found. */
export interface Findings extends Assessment {
  readonly ranked: Ranked<Candidate>;
  readonly ranking: Ranking;
  readonly originsOf: OriginsOf;
  /** What is said of an offer that no place was left for. */
  readonly noPlaceLeft: string;
}

export function findingsOf({ situation, verdicts, strategy, control, looked, left, refusedBefore, scores }: Assessment, ranked: Ranked<Candidate>, ranking: Ranking): Findings {
  const { placements, limit } = situation.request;
  const noPlaceLeft = placements === null ? `Beyond the limit of ${limit}` : 'The placements that it fits are filled by offers with a higher priority';
  return { situation, verdicts, strategy, control, looked, left, refusedBefore, scores, ranked, ranking, originsOf: openOrigins(strategy, scores, situation), noPlaceLeft };
}

/** The decision, with as much of its why as the request asked for. */
export function describe(findings: Findings): Decision {
  const { situation: { catalog, request, degraded, now }, verdicts, strategy, control, ranking } = findings;
  const { explain } = request;
  const offers = ranking.seats.map((seat, index) => describeSeat(seat, index + 1, findings));
  // Each member is named here, and so in a seat: an object that is made of spreads costs microseconds.
  return {
    decidedAt: now,
    channel: request.channel,
    group: control ? 'control' : 'treatment',
    strategy: { id: strategy.id, objective: strategy.objective },
    offers,
    excluded: explain === 'full' ? describeExcluded(findings) : undefined,
    heldOut: heldOutOf(catalog, verdicts.of),
    noOfferReason: offers.length === 0 ? noOfferReason(findings) : undefined,
    emptyPlacements: ranking.empty.length > 0 ? ranking.empty : undefined,
    triggers: explain === 'full' ? describeTriggers(catalog, verdicts.of, ranking) : undefined,
    outboundContacts: outboundContactsOf(findings.situation),
    degraded: [...degraded].sort(),
    catalogRevision: catalog.revision,
  };
}

export function describeSeat(seat: Seat, rank: number, findings: Findings): OfferedOffer {
  const { candidate: { offer, propensity, worth, priority }, place, fallback, treatment } = seat;
  const { explain } = findings.situation.request;
  const { value, factors, weight } = worth!;
  return {
    rank,
    offer,
    propensity,
    value: value ?? 0,
    weight,
    priority,
    factors: { volume: factors.volume ?? 0, margin: factors.margin ?? 0, duration: factors.duration ?? 0, strategy: factors.strategy, trigger: factors.trigger, lever: factors.lever },
    placement: place.id,
    fallback,
    treatment: treatment === null ? undefined : treatment.content,
    reasons: explain === 'none' ? undefined : reasonsOf(seat, findings),
    origins: explain === 'full' ? findings.originsOf(seat.candidate) : undefined,
  };
}

/** Every offer that is not in the answer, by propensity × value × weight; ties by id. */
function describeExcluded(findings: Findings): readonly ExcludedOffer[] {
  const { left, ranking } = findings;
  const isSeated = new Array<boolean>(left.length).fill(false);
  for (const { candidate } of ranking.seats) isSeated[candidate.place] = true;
  const excluded = new Array<ExcludedOffer>(left.length - ranking.seats.length);
  let rank = 0;
  for (const candidate of sortedByPriority(left)) if (!isSeated[candidate.place]) excluded[rank++] = describeUnseated(candidate, findings);
  return excluded;
}

export function describeUnseated(candidate: Candidate, findings: Findings): ExcludedOffer {
  const { offer, rejections, propensity, worth, priority } = candidate;
  const { value, factors, weight } = worth!;
  const origins = findings.originsOf(candidate);
  if (rejections.length > 0) return { offer, propensity, value, weight, priority: 0, rejectedBy: rejections, factors, origins };
  return { offer, propensity, value, weight, priority, rejectedBy: rejections, factors, origins, note: noteOn(candidate, findings) };
}

/** Why an offer that nothing refused is not in the answer. */
function noteOn({ offer, priority }: Candidate, { control, ranking, noPlaceLeft }: Findings): string {
  if (control) return controlWords;
  if (priority <= 0) return 'Its priority is not above 0';
  const sibling = offer.exclusive === undefined ? undefined : ranking.seats.find(({ candidate }) => candidate.offer.exclusive === offer.exclusive);
  if (sibling !== undefined) return `Of the group ${offer.exclusive}, ${sibling.candidate.offer.id} is in the answer`;
  return noPlaceLeft;
}

/** Before the reason why nothing is offered: where nothing is known of the customer, most of it comes from that. */
export function unreadWords({ customer }: Situation): string {
  return customer.contacts === undefined ? 'What is stored could not be read. ' : '';
}

function noOfferReason(findings: Findings): string {
  const { situation, control, ranked, looked } = findings;
  const { catalog } = situation;
  if (control) return controlWords;
  if (catalog.offers.length === 0) return 'The catalog has no offers';
  const all = lookedAt(findings);
  const refused = all.filter(({ rejections }) => rejections.length > 0);
  if (refused.length === 0) return ranked.length === 0 ? 'No offer has a priority above 0' : 'No offer fits the placements';
  return `${unreadWords(situation)}Nothing is left to offer: ${refusedWords(refused, looked)}${unrefusedWords(all.filter(({ rejections }) => rejections.length === 0))}`;
}

/** Why those are not in the answer that nothing refuses. */
function unrefusedWords(candidates: readonly Candidate[]): string {
  const worthNothing = candidates.filter(({ priority }) => priority <= 0);
  const fitNowhere = candidates.filter(({ priority }) => priority > 0);
  return (worthNothing.length === 0 ? '' : `; the priority of ${named(worthNothing)} is not above 0`)
    + (fitNowhere.length === 0 ? '' : `; no placement fits ${named(fitNowhere)}`);
}

const namedAtMost = 3;

function named(candidates: readonly Candidate[]): string {
  const ids = candidates.slice(0, namedAtMost).map(({ offer }) => offer.id).join(', ');
  return candidates.length <= namedAtMost ? ids : `${candidates.length} offers (${ids} and others)`;
}

export const controlWords = 'The customer is in the control group, which gets fallbacks only';

/** Names what refuses most, counting the first refusal of each. `refused`: at least one. */
export function refusedWords(refused: readonly Candidate[], looked: number): string {
  const counts = new Map<string, { count: number; reason: string }>();
  for (const { rejections: [first] } of refused) {
    const entry = counts.get(first!.rule);
    if (entry === undefined) counts.set(first!.rule, { count: 1, reason: first!.reason });
    else entry.count += 1;
  }
  const [most] = [...counts].sort(([a, { count: m }], [b, { count: n }]) => n - m || (a < b ? -1 : 1));
  const [rule, { count, reason }] = most!;
  return `${refused.length} of ${looked} offers are refused, ${count} of them by ${rule} (${reason})`;
}

/** The triggers whose own control group the customer is of, and which would be active: what they are worth is the difference. */
export function heldOutOf({ triggers }: Catalog, verdictOf: VerdictOf): readonly string[] | undefined {
  const heldOut: string[] = [];
  for (let place = 0; place < triggers.length; place += 1) {
    const { id, control } = triggers[place]!;
    const verdict = control > 0 ? verdictOf(place) : null;
    if (verdict?.active === false && verdict.heldOut) heldOut.push(id);
  }
  return heldOut.length === 0 ? undefined : heldOut;
}

/** Every trigger that has started for this customer: what it is active by, or why it is not. */
export function describeTriggers({ triggers }: Catalog, verdictOf: VerdictOf, { seats, deferred }: Ranking): readonly TriggerReport[] {
  const speaking = new Set(seats.map(({ candidate }) => candidate.trigger?.trigger.id));
  return triggers.flatMap(({ id, type }, place): TriggerReport[] => {
    const verdict = verdictOf(place);
    if (!verdict.active) return verdict.started ? [{ id, type, state: 'rejected', reason: verdict.reason() }] : [];
    const reason = deferred.get(id);
    if (reason !== undefined && !speaking.has(id)) return [{ id, type, state: 'deferred', reason }];
    return [{ id, type, state: 'active', reason: `Active ${verdict.words()}` }];
  });
}

/** In words, why the offer stands where it stands. */
function reasonsOf({ candidate, fallback, place }: Seat, findings: Findings): readonly string[] {
  if (fallback) return [`Fallback of the placement ${place.id}: no other offer was left for it`];
  const { ranked } = findings;
  return [...arithmeticOf(candidate, findings), `Number ${rankOf(candidate, ranked)} of ${ranked.length} by priority ${amount(candidate.priority)}`];
}

function rankOf(candidate: Candidate, ranked: Ranked<Candidate>): number {
  let rank = 1;
  while (rank < ranked.length && ranked.at(rank - 1) !== candidate) rank += 1;
  return rank;
}

/** In words, what the priority is made of. */
export function arithmeticOf(candidate: Candidate, findings: Findings): readonly string[] {
  const { offer, propensity, worth, trigger } = candidate;
  const { strategy, scores, situation: { catalog } } = findings;
  const { value, factors } = worth!;
  const { model } = offer.propensity;
  const source = model === null ? 'as the catalog says' : isFromModel(model, candidate, scores) ? `by the model ${model.model}` : 'the prior, since the model could not answer';
  return [
    `${percent(propensity)} likely to be accepted, ${source}`,
    `Worth ${amount(value!)} ${catalog.currency}: volume ${amount(factors.volume!)} × margin ${amount(factors.margin!)} × duration ${amount(factors.duration!)}`,
    ...weightReasons(factors, offer.kind, strategy, trigger),
  ];
}

function weightReasons(weights: Pick<Factors, 'strategy' | 'trigger' | 'lever'>, kind: string, strategy: Strategy, trigger: ActiveTrigger | null): readonly string[] {
  const reasons: string[] = [];
  if (weights.strategy !== 1) reasons.push(`The strategy ${strategy.id} (${strategy.objective}) weighs ${kind} offers × ${amount(weights.strategy)}`);
  if (weights.trigger !== 1) reasons.push(`The trigger ${trigger!.trigger.id} weighs it × ${amount(weights.trigger)}${byWhat(trigger!)}`);
  if (weights.lever !== 1) reasons.push(`Its lever weighs it × ${amount(weights.lever)}`);
  return reasons;
}

/** A condition's text stays with the triggers of `explain: full`; an event and a pause are what an agent can speak of. */
function byWhat({ trigger: { start: { type } }, words }: ActiveTrigger): string {
  return type === 'event' || type === 'absence' ? `, active ${words()}` : '';
}

function percent(share: number): string {
  return `${amount(share * 100)} %`;
}

/** At most four significant digits behind a whole part that is kept: 5000, 42.5, 0.03127. No locale: the same bytes everywhere. */
export function amount(number: number): string {
  if (Number.isInteger(number)) return String(number);
  const rounded = Math.abs(number) >= 1000 ? Math.round(number) : Number(number.toPrecision(4));
  return String(rounded);
}
