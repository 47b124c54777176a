import type { DecisionRecord } from './decision-service.js';

/**
 * The line of the decision log: what was asked, what was known, what was answered. With the catalog of its revision it
 * can be decided again. Tokens are left out: whoever can read the log must not be able to record outcomes.
 */
export function toLogLine({ caller, madeAt, request, input, response }: DecisionRecord): string {
  const { customer: { id, profile, contacts, events, groupEvents, rhythms, limitUsage }, now, contested } = input;
  const { offers, ...answer } = response;
  return JSON.stringify({
    decisionId: response.decisionId,
    decidedAt: new Date(now).toISOString(),
    madeAt: new Date(madeAt).toISOString(),
    caller,
    request,
    ...(input.request.offers !== undefined && { offers: [...input.request.offers] }),
    customer: { id, profile, contacts, events, groupEvents, rhythms: rhythms === undefined ? undefined : Object.fromEntries(rhythms), limitUsage: limitUsage === undefined ? undefined : Object.fromEntries(limitUsage) },
    ...(contested.size > 0 && { contested: [...contested] }),
    response: { ...answer, offers: offers.map(({ token: _, ...offer }) => offer) },
  });
}
