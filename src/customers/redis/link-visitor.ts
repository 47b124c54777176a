import { randomUUID } from 'node:crypto';
import { StoreError, type LinkResult, type LinkWrite } from '../customer-store.js';
import { joinVisitor, type Joined } from '../join-visitor.js';
import { expectId, expectTimes } from '../store-values.js';
import { visitorIdOf } from '../visitor-id.js';
import { encodeCustomer } from '../values/customer-value.js';
import { encodeLink, type VisitorLink } from '../values/visitor-link.js';
import type { Seal, VisitorValue } from '../values/visitor-value.js';
import { clockGraceMs } from './customer-record.js';
import { encodeHold } from './holds.js';
import { customerKeys } from './keys.js';
import { calledOffMs } from './limit-counters.js';
import { callOffScript, joinScript } from './link-scripts.js';
import { lookAtCustomer, lookAtVisitor, swapVisitor, type LinkingCustomer, type LinkingVisitor } from './visitor-record.js';
import { nextVersion } from './versions.js';
import type { Writing } from './write-with-room.js';

/** Only other processes' writes of the same two at the same time make a try fail. */
const mostTries = 64;

/**
 * `CustomerStore.link` (docs/decisions/0011): the visitor is sealed, so that nothing is written there any more; the
 * customer takes all of it in one step, which says that it has; the visitor becomes the customer's name. A process may
 * die between any two: whoever meets the seal goes on.
 */
export async function linkVisitor(writing: Writing, write: LinkWrite): Promise<LinkResult> {
  const { visitor, customerId, now, horizon, maxContacts, maxVisitors, timings, visitorUntil } = write;
  for (let tries = 0; tries < mostTries; tries++) {
    if (tries > 0) await writing.pause(tries);
    const customer = await lookAtCustomer(writing, customerId, visitor);
    const seen = await lookAtVisitor(writing, visitor, now);
    if (seen.visitor?.state === 'sealed') {
      await finishLink(writing, visitor, seen.visitor.seal);
      continue;
    }
    if (customer.customer === null) return { type: 'unknown-customer' };
    if (seen.visitor?.state === 'linked') {
      if (seen.visitor.customerId !== customerId) return { type: 'other-customer' };
      // Else the customer was erased, or looked at too early.
      if (customer.link !== null) return answerOf('repeated', customer.link);
      continue;
    }
    if (customer.links >= maxVisitors) return { type: 'too-many-visitors' };
    const seal: Seal = { linkId: randomUUID(), customerId, now, erasedAt: customer.erasedAt, horizon, maxContacts, timings: Array.from(timings, ([trigger, { opensAfterMs, windowMs, restMs }]) => [trigger, opensAfterMs, Number.isFinite(windowMs) ? windowMs : null, restMs]) };
    if (joinOf(seal, customer, seen) === null) return { type: 'ledger-full' };
    const sealed: VisitorValue = { state: 'sealed', expiresAt: Math.max(visitorUntil, seen.visitor?.expiresAt ?? 0), seal, customer: seen.visitor?.customer ?? null };
    if (!await swapVisitor(writing, visitor, seen.head, sealed, now)) continue;
    const result = await finishLink(writing, visitor, seal);
    if (result !== null) return result;
  }
  throw new StoreError(`The store could not be written: other processes changed the same customer ${mostTries} times.`);
}

/** Throws a `StoreError`. */
export function expectLinkable({ visitor, customerId, now, visitorUntil }: LinkWrite): void {
  for (const id of [visitor, customerId]) expectId(id);
  expectTimes([now, visitorUntil]);
}

/** Brings a link that was begun to its end, whoever began it; `null`: others did, or it must begin anew. */
export function finishLink(writing: Writing, visitor: string, seal: Seal): Promise<LinkResult | null> {
  const { customerId, linkId } = seal;
  return writing.queue.run(customerId, async () => {
    for (let tries = 0; tries < mostTries; tries++) {
      if (tries > 0) await writing.pause(tries);
      // The customer first: while it stays as it was seen here, no mark that forbids the step can go.
      const customer = await lookAtCustomer(writing, customerId, visitor);
      const seen = await lookAtVisitor(writing, visitor, seal.now);
      if (customer.link?.linkId === linkId) {
        await clear(writing, visitor, seen, seal);
        return answerOf('joined', customer.link);
      }
      if (seen.visitor?.state !== 'sealed' || seen.visitor.seal.linkId !== linkId) return null;
      const joined = joinOf(seal, customer, seen);
      if (joined === null) {
        if (!await callOff(writing, visitor, seal)) continue;
        await unseal(writing, visitor, seen, seal.now);
        return { type: customer.customer === null || customer.erasedAt !== seal.erasedAt ? 'unknown-customer' : 'ledger-full' };
      }
      const outcome = await join(writing, visitor, seal, customer, seen, joined);
      if (outcome === 'called-off') {
        await unseal(writing, visitor, seen, seal.now);
        return null;
      }
    }
    throw new StoreError(`The store could not be written: other processes changed the same customer ${mostTries} times.`);
  });
}

/** `null`: there is no room, or no such customer (any more). */
function joinOf({ now, horizon, maxContacts, timings, erasedAt }: Seal, { customer, ...found }: LinkingCustomer, { visitor }: LinkingVisitor): Joined | null {
  if (customer === null || found.erasedAt !== erasedAt) return null;
  const theirs = visitor === null || visitor.state === 'linked' ? null : visitor.customer;
  const timingOf = new Map(timings.map(([trigger, opensAfterMs, windowMs, restMs]) => [trigger, { opensAfterMs, windowMs: windowMs ?? Infinity, restMs }]));
  return joinVisitor(customer, theirs, { now, horizon, maxContacts, timings: timingOf }, nextVersion(customer));
}

/** The customer's step. `tried`: look again. */
async function join({ connection, prefix }: Writing, visitor: string, { linkId, customerId, now }: Seal, { head }: LinkingCustomer, { answered, holds }: LinkingVisitor, { customer, contacts, events }: Joined): Promise<'tried' | 'called-off'> {
  const { value, outcomes, outcomeExpiry, holds: ownHolds, links, calledOff } = customerKeys(prefix, customerId);
  const link: VisitorLink = { linkId, visitorId: visitorIdOf(visitor), linkedAt: now, contacts, events };
  const lifeMs = (ends: readonly number[]): number => ends.reduce((longest, end) => Math.max(longest, end - now), 0) + clockGraceMs;
  const live = answered.filter(({ expiresAt }) => expiresAt > now);
  const answer = await connection.script(joinScript, [value, outcomes, outcomeExpiry, ownHolds, links, calledOff], [
    head, encodeCustomer(customer), visitorIdOf(visitor), encodeLink(link), linkId,
    lifeMs(live.map(({ expiresAt }) => expiresAt)), lifeMs(Array.from(holds.values(), ({ heldUntil }) => heldUntil)),
    live.length, ...live.flatMap(({ field, bytes, expiresAt }) => [field, bytes, expiresAt]),
    ...Array.from(holds, ([holder, hold]) => [Buffer.from(holder, 'hex'), encodeHold({ ...hold, heldBy: visitor })]).flat(),
  ]);
  return answer === -1 ? 'called-off' : 'tried';
}

/** False where the customer has taken the visitor already. After true it never will, by this link. */
async function callOff({ connection, prefix }: Writing, visitor: string, { linkId, customerId }: Seal): Promise<boolean> {
  const { links, calledOff } = customerKeys(prefix, customerId);
  return await connection.script(callOffScript, [links, calledOff], [visitorIdOf(visitor), linkId, calledOffMs]) === 1;
}

/** Where it fails others did it. */
async function unseal(writing: Writing, visitor: string, { head, visitor: sealed }: LinkingVisitor, now: number): Promise<void> {
  if (sealed?.state !== 'sealed') return;
  const { expiresAt, customer } = sealed;
  await swapVisitor(writing, visitor, head, customer === null ? null : { state: 'open', expiresAt, customer }, now);
}

async function clear(writing: Writing, visitor: string, { head, visitor: sealed }: LinkingVisitor, { linkId, customerId, now }: Seal): Promise<void> {
  if (sealed?.state !== 'sealed' || sealed.seal.linkId !== linkId) return;
  await swapVisitor(writing, visitor, head, { state: 'linked', linkId, customerId }, now);
}

function answerOf(type: 'joined' | 'repeated', { contacts, events, linkedAt }: VisitorLink): LinkResult {
  return { type, contacts, events, linkedAt };
}
