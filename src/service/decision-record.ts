import { contactsAsJson } from './contacts-as-json.js';
import type { DecisionRecord } from './decision-service.js';

/**
 * The line of the decision log: what was asked, what was known, what was answered. With the catalog of its revision it
 * can be decided again. The answer is the text that the caller got, which is a third of the line and need not be written
 * again, without its tokens: whoever can read the log must not be able to record outcomes.
 */
export function toLogLine({ caller, madeAt, request, input, response, answer }: DecisionRecord): string {
  const { customer: { id, profile, contacts, events, groupEvents, rhythms, limitUsage }, now, contested } = input;
  const { offers } = input.request;
  const known = JSON.stringify({
    decisionId: response.decisionId,
    decidedAt: response.decidedAt,
    madeAt: madeAt === now ? response.decidedAt : new Date(madeAt).toISOString(),
    caller,
    request,
    offers: offers === undefined ? undefined : [...offers],
    contested: contested.size === 0 ? undefined : [...contested],
    customer: { id, profile, events, groupEvents, rhythms: rhythms === undefined ? undefined : Object.fromEntries(rhythms), limitUsage: limitUsage === undefined ? undefined : Object.fromEntries(limitUsage) },
  });
  // The customer stands last, and is never without members (there is always a profile), so that the contacts can follow them.
  const ledger = contacts === undefined ? '' : `,"contacts":${contactsAsJson(contacts)}`;
  return `${known.slice(0, -2)}${ledger}},"response":${withoutTokens(answer, response)}}`;
}

/** A token is the last member of its offer, stands nowhere else, and has no character that JSON writes otherwise. */
function withoutTokens(answer: string, { offers }: DecisionRecord['response']): string {
  let kept = '';
  let from = 0;
  for (const { token } of offers) {
    if (token === undefined) continue;
    const member = `,"token":"${token}"`;
    const at = answer.indexOf(member, from);
    kept += answer.slice(from, at);
    from = at + member.length;
  }
  return kept + answer.slice(from);
}

/** A customer was named of whom the store, which could be read, holds nothing: the decision is a visitor's. */
export function isOfUnknown({ request, input }: Pick<DecisionRecord, 'request' | 'input'>): boolean {
  return request.customerId !== undefined && input.customer.id === undefined;
}
