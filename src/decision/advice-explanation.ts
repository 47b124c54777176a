import { amount, arithmeticOf, controlWords, describeSeat, describeTriggers, describeUnseated, findingsOf, heldOutOf, refusedWords, unreadWords, type Findings } from './explanation.js';
import { byExpectedValue, costOf, expectedValueOf } from './expected-value.js';
import { candidateOf, lookedAt, type Assessment, type Candidate } from './candidate.js';
import type { Ranking, Seat } from './ranking.js';
import { outboundContactsOf } from './outbound-contacts.js';
import type { Ranked } from './ranked.js';
import type { VerdictOf } from './trigger-verdicts.js';
import type { ChannelAdvice, ChannelOption, Decision, ExcludedOffer, Offer, OfferedOffer } from './types.js';

/** What is known of all channels together. `ranked`: an offer's candidates in each channel that was open to it. */
interface Advice {
  readonly ranked: Ranked<Candidate>;
  readonly ranking: Ranking;
  /** An offer in each channel that it was looked at in, in the order of the channels. */
  candidatesOf(offer: Offer): readonly Candidate[];
  findingsIn(candidate: Candidate): Findings;
}

/** The advice as a decision: the channel, the strategy and the like are those of its first offer, which comes first. */
export function describeAdvice(assessments: readonly Assessment[], ranked: Ranked<Candidate>, ranking: Ranking): Decision {
  const findings = new Map(assessments.map((assessment): [Assessment['situation'], Findings] => [assessment.situation, findingsOf(assessment, ranked, ranking)]));
  const advice: Advice = { ranked, ranking, candidatesOf: (offer) => assessments.flatMap((assessment) => candidateOf(assessment, offer) ?? []), findingsIn: ({ situation }) => findings.get(situation)! };
  const first = assessments[0]!;
  const { situation, strategy, control } = ranking.seats.length === 0 ? first : advice.findingsIn(ranking.seats[0]!.candidate);
  const { catalog, request: { channel, explain }, now, degraded } = situation;
  const everywhere = activeAnywhere(assessments);
  return {
    decidedAt: now,
    channel,
    channels: assessments.map((assessment) => assessment.situation.request.channel),
    group: control ? 'control' : 'treatment',
    strategy: { id: strategy.id, objective: strategy.objective },
    offers: ranking.seats.map((seat, index) => describeAdvisedSeat(seat, index + 1, advice)),
    ...(explain === 'full' && { excluded: describeUnadvised(assessments, advice) }),
    heldOut: heldOutOf(catalog, everywhere),
    ...(ranking.seats.length === 0 && { noOfferReason: noOfferReason(assessments, first) }),
    ...(explain === 'full' && { triggers: describeTriggers(catalog, everywhere, ranking) }),
    outboundContacts: outboundContactsOf(situation),
    degraded: [...degraded].sort(),
    catalogRevision: catalog.revision,
  };
}

function describeAdvisedSeat(seat: Seat, rank: number, advice: Advice): OfferedOffer {
  const { candidate } = seat;
  const findings = advice.findingsIn(candidate);
  return {
    ...describeSeat(seat, rank, findings),
    ...adviceOn(candidate, advice),
    cost: costOf(candidate),
    expectedValue: expectedValueOf(candidate),
    ...(findings.situation.request.explain !== 'none' && { reasons: reasonsOf(candidate, advice) }),
  };
}

/** Every offer that is not in the answer, by its best channel, or by the one that came nearest. */
function describeUnadvised(assessments: readonly Assessment[], advice: Advice): readonly ExcludedOffer[] {
  const seated = new Set(advice.ranking.seats.map(({ candidate }) => candidate.offer));
  const offers = new Set(assessments.flatMap(({ left }) => left).map(({ offer }) => offer));
  return [...offers].filter((offer) => !seated.has(offer))
    .map((offer) => nearestOf(advice.candidatesOf(offer)))
    .sort(byExpectedValue)
    .map((nearest) => ({ ...describeUnseated(nearest, advice.findingsIn(nearest)), ...adviceOn(nearest, advice) }));
}

function nearestOf(candidates: readonly Candidate[]): Candidate {
  const open = openOf(candidates);
  return [...(open.length > 0 ? open : candidates)].sort(byExpectedValue)[0]!;
}

function openOf(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ rejections }) => rejections.length === 0);
}

function adviceOn(candidate: Candidate, { candidatesOf }: Advice): ChannelAdvice {
  const candidates = candidatesOf(candidate.offer);
  return {
    channel: channelOf(candidate),
    channels: [...openOf(candidates)].sort(byExpectedValue).map(describeOption),
    ...(candidate.situation.request.explain !== 'none' && {
      channelsLeftOut: candidates.filter(({ rejections }) => rejections.length > 0).map((refused) => ({ channel: channelOf(refused), rejectedBy: refused.rejections })),
    }),
  };
}

function describeOption(candidate: Candidate): ChannelOption {
  const { propensity, worth, priority } = candidate;
  const { value, weight } = worth!;
  return { channel: channelOf(candidate), propensity, value: value!, weight, priority, cost: costOf(candidate), expectedValue: expectedValueOf(candidate) };
}

function channelOf({ situation }: Candidate): string {
  return situation.request.channel;
}

function reasonsOf(candidate: Candidate, { ranked, candidatesOf, findingsIn }: Advice): readonly string[] {
  const { currency } = candidate.situation.catalog;
  const options = [...openOf(candidatesOf(candidate.offer))].sort(byExpectedValue);
  const offers = [...new Set(openOf(ranked.all()).map(({ offer }) => offer))];
  return [
    ...arithmeticOf(candidate, findingsIn(candidate)),
    ...(costOf(candidate) > 0 ? [`A contact costs ${amount(costOf(candidate))} ${currency}`] : []),
    ...(options.length > 1 ? [`Channels by expected value: ${options.map((option) => `${channelOf(option)} ${amount(expectedValueOf(option))}`).join(', ')}`] : []),
    `Number ${offers.indexOf(candidate.offer) + 1} of ${offers.length} by expected value ${amount(expectedValueOf(candidate))}`,
  ];
}

/** Each channel is judged by itself, so each has a reason of its own; those that have the same are named together. */
function noOfferReason(assessments: readonly Assessment[], { control, situation }: Assessment): string {
  if (control) return controlWords;
  if (situation.catalog.offers.length === 0) return 'The catalog has no offers';
  const channelsByWords = new Map<string, string[]>();
  for (const assessment of assessments) {
    const refused = lookedAt(assessment);
    if (refused.length === 0) return 'The catalog has none of the offers that were asked for';
    const words = refusedWords(refused, assessment.looked);
    channelsByWords.set(words, [...(channelsByWords.get(words) ?? []), assessment.situation.request.channel]);
  }
  const parts = [...channelsByWords].map(([words, channels]) => `in ${channels.join(', ')}: ${words}`);
  return `${unreadWords(situation)}Nothing is left to offer ${parts.join('; ')}`;
}

/** A condition may read the channel, so a trigger can be active in some channels only. */
function activeAnywhere(assessments: readonly Assessment[]): VerdictOf {
  const all = assessments.map(({ verdicts }) => verdicts);
  return (place) => (all.find(({ of }) => of(place).active) ?? all[0]!).of(place);
}
