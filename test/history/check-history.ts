import { acknowledgedEntries, entryKey, groupBy, isRecorded, mayHaveClaimedUnknown, mayLeaveUnknown, ofType, outcomeKey, unknownDecisions, type History, type LedgerEntry, type Operation, type Policy } from './history.js';

export interface Verdict {
  /** What must not be; empty where the history is right. */
  readonly violations: readonly string[];
  /** Acknowledged entries that are gone, and were allowed to be. */
  readonly lost: readonly string[];
}

/** Acknowledged writes that a failover may lose, as Redis documents. */
export interface Losses {
  /** What the operation wrote of its customer. */
  entries(operation: Operation): boolean;
  /** That it counted for the limit, which is kept elsewhere. */
  counts(operation: Operation): boolean;
}
const noLosses: Losses = { entries: () => false, counts: () => false };

/** All of one customer. No id is used again after its erasure. */
interface Life {
  readonly customerId: string;
  readonly operations: readonly Operation[];
  readonly ledgers: readonly (readonly LedgerEntry[] | null)[];
  readonly killed: History['killed'];
  readonly policy: Policy;
  readonly mayBeLost: Losses['entries'];
}

/** Holds a history against the promises: one line for each that was broken. */
export function checkHistory({ operations, final, killed }: History, policy: Policy, losses: Losses = noLosses): Verdict {
  const lives = [...groupBy(operations, ({ customerId }) => customerId)].map(([customerId, own]): Life => ({
    customerId, operations: own, policy, killed,
    mayBeLost: losses.entries,
    ledgers: final.map((node) => node.get(customerId) ?? null),
  }));
  const violations: string[] = [];
  const lost: string[] = [];
  for (const life of lives) {
    const said = [unexpectedAnswers, differentLedgers, vanished, erasedAndBack, doubled, outOfNowhere, byUnknownDecisions, differentAnswers, overTheCaps, unseen, shownInSpiteOf, shownWithoutStore].flatMap((check) => check(life));
    const missing = missingEntries(life);
    violations.push(...[...said, ...missing.violations].map((line) => `${life.customerId}: ${line}`));
    lost.push(...missing.lost.map((line) => `${life.customerId}: ${line}`));
  }
  return { violations: [...violations, ...overTheLimit(lives, policy, losses)], lost };
}

const statuses: Readonly<Record<Operation['type'], readonly (number | null)[]>> = {
  creation: [], decision: [null, 200, 422], outcome: [null, 200, 201, 404, 409], reading: [null, 200, 404], erasure: [null, 204, 404],
};

function unexpectedAnswers({ operations }: Life): string[] {
  return operations.flatMap((operation) => (operation.type === 'creation' || statuses[operation.type].includes(operation.status) ? [] : [`answered ${operation.status} to a ${operation.type}`]));
}

function differentLedgers({ ledgers }: Life): string[] {
  return new Set(ledgers.map((ledger) => JSON.stringify(ledger))).size === 1 ? [] : ['two nodes show different ledgers'];
}

/** An operation that found no customer, where nobody had begun to erase it. */
function vanished(life: Life): string[] {
  const { operations, ledgers, mayBeLost } = life;
  if (ofType(operations, 'creation').some(mayBeLost)) return [];
  const erasing = eraseBegan(life);
  const missing = operations.filter((operation) => operation.type !== 'creation' && operation.type !== 'erasure' && (operation.status === 404 || operation.status === 422) && operation.ended < erasing);
  return [...missing.map(({ type }) => `a ${type} did not find the customer`), ...(erasing === Infinity && ledgers.includes(null) ? ['the customer is gone'] : [])];
}

function erasedAt({ operations, mayBeLost }: Life): number {
  return Math.min(...ofType(operations, 'erasure').filter((erasure) => erasure.status !== null && !mayBeLost(erasure)).map(({ ended }) => ended));
}

function erasedAndBack(life: Life): string[] {
  const erased = erasedAt(life);
  if (erased === Infinity) return [];
  const after = life.operations.filter((operation) => {
    if (operation.began < erased) return false;
    if (operation.type === 'reading') return operation.status === 200;
    return acknowledgedEntries(operation).length > 0;
  });
  return [...after.map(({ type }) => `a ${type} after the erasure was answered as if there had been none`), ...(life.ledgers.some((ledger) => ledger !== null) ? ['erased, and there at the end'] : [])];
}

/** All ledgers that anybody saw. */
function seenLedgers(life: Life): (readonly LedgerEntry[])[] {
  return [...readings(life).map(({ contacts }) => contacts), ...lastLedgers(life)];
}

function readings({ operations }: Life) {
  return ofType(operations, 'reading').filter(({ status }) => status === 200);
}

function lastLedgers({ ledgers }: Life): (readonly LedgerEntry[])[] {
  return ledgers.filter((ledger) => ledger !== null);
}

function doubled(life: Life): string[] {
  const twice = seenLedgers(life).flatMap((ledger) => [...groupBy(ledger, entryKey)].flatMap(([key, entries]) => (entries.length > 1 ? [key] : [])));
  return [...new Set(twice)].map((key) => `counted twice: ${key}`);
}

/** Entries that nobody wrote, or whose write was refused. */
function outOfNowhere(life: Life): string[] {
  const { operations } = life;
  const outcomes = new Map(ofType(operations, 'outcome').filter(({ again }) => again === undefined).map((outcome) => [outcomeKey(outcome), outcome]));
  const byId = new Map(ofType(operations, 'decision').map((decision) => [decision.decisionId, decision]));
  const keys = new Map(seenLedgers(life).flat().map((entry) => [entryKey(entry), entry]));
  return [...keys].flatMap(([key, { outcome, decisionId, offerId }]) => {
    if (outcome !== 'presented') {
      const write = outcomes.get(key);
      if (write === undefined) return [`nobody wrote: ${key}`];
      return write.status === 409 || (write.status === 404 && write.ended < eraseBegan(life)) ? [`refused with ${write.status}, and written: ${key}`] : [];
    }
    const decision = byId.get(decisionId);
    return decision !== undefined && !(isRecorded(decision) && decision.offerIds.includes(offerId!)) ? [`nobody wrote: ${key}`] : [];
  });
}

/** Decisions of which nobody was told are in the ledger, more than can be meanwhile, or for good. A failover may also lose
 *  that one was taken back. */
function byUnknownDecisions(life: Life): string[] {
  const decisions = ofType(life.operations, 'decision');
  const lines = (when: string, ledger: readonly LedgerEntry[], most: number): string[] => {
    const unknown = unknownDecisions(life.operations, ledger);
    return unknown.length > most ? [`presented by decisions that nobody was told of (${when}), of which there can be ${most}: ${unknown.join(', ')}`] : [];
  };
  return [
    ...readings(life).flatMap(({ contacts, ended }) => lines('meanwhile', contacts, decisions.filter((decision) => decision.began < ended && mayHaveClaimedUnknown(decision)).length)),
    ...lastLedgers(life).flatMap((ledger) => lines('at the end', ledger, decisions.filter((decision) => mayLeaveUnknown(decision, life.killed) || (mayHaveClaimedUnknown(decision) && life.mayBeLost(decision))).length)),
  ];
}

function eraseBegan({ operations }: Life): number {
  return Math.min(...ofType(operations, 'erasure').map(({ began }) => began));
}

/** What is sent again is answered as the first time. */
function differentAnswers(life: Life): string[] {
  return ofType(life.operations, 'outcome').flatMap((operation) => {
    if (operation.again === undefined || operation.status === null || life.mayBeLost(operation.again)) return [];
    if (operation.status === 404 && eraseBegan(life) < operation.ended) return [];
    return operation.status === 200 && operation.answer === operation.again.answer ? [] : [`answered ${operation.status} where it was sent again, and not as the first time: ${outcomeKey(operation)}`];
  });
}

function overTheCaps(life: Life): string[] {
  const { operations, policy, mayBeLost } = life;
  const acknowledged = ofType(operations, 'decision').filter((decision) => isRecorded(decision) && !mayBeLost(decision))
    .flatMap(({ offerIds }) => offerIds.map((offerId): LedgerEntry => ({ offerId, outcome: 'presented' })));
  const views: [string, readonly LedgerEntry[]][] = [['acknowledged', acknowledged], ...seenLedgers(life).map((ledger): [string, readonly LedgerEntry[]] => ['in the ledger', ledger])];
  const lines = views.flatMap(([where, entries]) => {
    const capped = entries.filter(({ outcome, offerId }) => outcome === 'presented' && !policy.freeOffers.has(offerId!));
    const perOffer = [...groupBy(capped, ({ offerId }) => offerId)].filter(([, each]) => each.length > policy.maxPresentedPerOffer);
    return [
      ...perOffer.map(([offerId, each]) => `over the cap: ${offerId} presented ${each.length} times (${where})`),
      ...(capped.length > policy.maxPresentedPerCustomer ? [`over the cap: ${capped.length} presented in all (${where})`] : []),
    ];
  });
  return [...new Set(lines)];
}

/** Readings that do not show what was acknowledged before they began. */
function unseen(life: Life): string[] {
  const { operations, mayBeLost } = life;
  return readings(life).flatMap((reading) => {
    const there = new Set(reading.contacts.map(entryKey));
    const before = operations.filter((operation) => operation.ended < reading.began && !mayBeLost(operation));
    return before.flatMap(acknowledgedEntries).filter((key) => !there.has(key)).map((key) => `a reading did not see what was acknowledged before it: ${key}`);
  });
}

/** Decisions that show what an outcome or a presentation acknowledged before forbids. */
function shownInSpiteOf(life: Life): string[] {
  const { operations, policy, mayBeLost } = life;
  const decisions = ofType(operations, 'decision').filter(({ status, degraded }) => status === 200 && !degraded);
  return decisions.flatMap(({ began, offerIds, customerId }) => {
    const before = operations.filter((operation) => operation.ended < began && !mayBeLost(operation));
    const rests = new Set(ofType(before, 'outcome').filter((outcome) => policy.restAfter.has(outcome.outcome) && acknowledgedEntries(outcome).length > 0).map(({ offerId }) => offerId));
    const presented = ofType(before, 'decision').filter(isRecorded).flatMap((decision) => decision.offerIds);
    const isErased = erasedAt(life) < began;
    return offerIds.filter((offerId) => !policy.freeOffers.has(offerId)).flatMap((offerId) => {
      if (isErased) return [`${offerId} was shown to ${customerId} after the erasure`];
      if (rests.has(offerId)) return [`${offerId} was shown in spite of an outcome that was acknowledged before`];
      return presented.filter((each) => each === offerId).length >= policy.maxPresentedPerOffer ? [`${offerId} was shown in spite of presentations that were acknowledged before`] : [];
    });
  });
}

function shownWithoutStore({ operations, policy }: Life): string[] {
  return ofType(operations, 'decision').filter(({ degraded }) => degraded).flatMap(({ offerIds }) => offerIds.filter((offerId) => !policy.freeOffers.has(offerId)).map((offerId) => `${offerId}, which needs consent and history, was shown without the store`));
}

function missingEntries(life: Life): { readonly violations: string[]; readonly lost: string[] } {
  const result = { violations: [] as string[], lost: [] as string[] };
  if (eraseBegan(life) < Infinity) return result;
  const isCreationLost = life.ledgers.includes(null);
  for (const operation of life.operations) {
    for (const key of acknowledgedEntries(operation)) {
      if (life.ledgers.every((ledger) => ledger?.some((entry) => entryKey(entry) === key) === true)) continue;
      if (life.mayBeLost(operation) || (isCreationLost && ofType(life.operations, 'creation').some(life.mayBeLost))) result.lost.push(key);
      else result.violations.push(`acknowledged and lost: ${key}`);
    }
  }
  return { violations: [...new Set(result.violations)], lost: [...new Set(result.lost)] };
}

/** By what was acknowledged, whatever became of the customer, together with what the ledgers hold. */
function overTheLimit(lives: readonly Life[], { limit }: Policy, losses: Losses): string[] {
  const accepted = lives.flatMap(({ operations }) => ofType(operations, 'outcome').filter((operation) => operation.offerId === limit.offerId && operation.outcome === 'accepted' && acknowledgedEntries(operation).length > 0));
  const held = lives.flatMap(({ customerId, ledgers }) => ledgers.flatMap((ledger) => ledger ?? [])
    .filter(({ offerId, outcome }) => offerId === limit.offerId && outcome === 'accepted')
    .map(({ decisionId }) => `${customerId} ${decisionId}`));
  const certain = accepted.filter((outcome) => !losses.entries(outcome)).map(({ customerId, decisionId }) => `${customerId} ${decisionId}`);
  const uncertain = accepted.filter(losses.counts).length;      // a count that was lost lets another in
  const used = new Set([...held, ...certain]).size;
  return used > limit.max + uncertain ? [`over the limit: ${limit.offerId} accepted ${used} times, of ${limit.max}`] : [];
}
