import { amount } from './explanation.js';
import { refuse, type Candidate } from './candidate.js';

/** What one contact costs in the channel that the candidate is judged in. */
export function costOf({ situation: { catalog, request } }: Candidate): number {
  return catalog.channelCosts.get(request.channel) ?? 0;
}

/** priority − cost: what an offer is expected to bring in its channel. It has been scored. */
export function expectedValueOf(candidate: Candidate): number {
  return candidate.priority - costOf(candidate);
}

/** Descending; ties by offer id, then in the order of the request's channels. */
export function byExpectedValue(a: Candidate, b: Candidate): number {
  return expectedValueOf(b) - expectedValueOf(a) || a.offer.row - b.offer.row || placeOf(a) - placeOf(b);
}

function placeOf({ situation: { request } }: Candidate): number {
  return request.channels!.indexOf(request.channel);
}

/** Refuses an offer in a channel where a contact is not worth its cost. An unknown value has been refused already. */
export function weighCost(candidate: Candidate): void {
  const { worth, priority, rejections, situation: { catalog: { currency }, request: { explain } } } = candidate;
  if (worth!.value === null || (rejections.length > 0 && explain !== 'full') || expectedValueOf(candidate) > 0) return;
  const cost = costOf(candidate);
  const reason = cost === 0
    ? 'Nothing is expected of it: its priority is not above 0'
    : `A contact costs ${amount(cost)} ${currency}, and no more than ${amount(priority)} ${currency} is expected of it`;
  refuse(candidate, { rule: 'expected-value', kind: 'expected-value', reason });
}
