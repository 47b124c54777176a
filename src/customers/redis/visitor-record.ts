import { visitorIdOf } from '../visitor-id.js';
import { decodeAnswered, type AnsweredOutcome } from '../values/answered-outcome.js';
import { decodeCustomer, type CustomerValue } from '../values/customer-value.js';
import { decodeLink, type VisitorLink } from '../values/visitor-link.js';
import type { VisitorValue } from '../values/visitor-value.js';
import { clockGraceMs, headOf, readable, tombstoneOf } from './customer-record.js';
import { decodeHolds, type Holds } from './holds.js';
import { decodeNamedVisitor, encodeNamedVisitor } from './named-visitor.js';
import { customerKeys } from './keys.js';
import { lookAtCustomerScript, lookAtVisitorScript, swapScript } from './link-scripts.js';
import type { Writing } from './write-with-room.js';

/** A customer, as a link sees it. */
export interface LinkingCustomer {
  readonly head: Buffer;
  readonly customer: CustomerValue | null;
  /** To this visitor; and how many visitors there are. */
  readonly link: VisitorLink | null;
  readonly links: number;
  /** Of the customer who had the id before. */
  readonly erasedAt: number | null;
}

/** A visitor with all that goes with it; `null` where nothing is held, or its time is over. */
export interface LinkingVisitor {
  readonly head: Buffer;
  readonly visitor: VisitorValue | null;
  readonly answered: readonly (AnsweredOutcome & { readonly field: Buffer; readonly bytes: Buffer })[];
  readonly holds: Holds;
}

export async function lookAtCustomer({ connection, prefix, tombstoneOf: tombstoneKeysOf }: Writing, customerId: string, visitor: string): Promise<LinkingCustomer> {
  const { value, links } = customerKeys(prefix, customerId);
  const { own } = await tombstoneKeysOf(customerId);
  const [bytes, link, count, tombstone] = await connection.script(lookAtCustomerScript, [value, links, own], [visitorIdOf(visitor)]) as [Buffer | null, Buffer | null, number, Buffer | null];
  return readable(() => ({
    head: bytes === null ? Buffer.alloc(0) : headOf(bytes),
    customer: bytes === null ? null : decodeCustomer(bytes),
    link: link === null ? null : decodeLink(link),
    links: count,
    erasedAt: tombstone === null ? null : tombstoneOf(tombstone.toString()).erasedAt,
  }));
}

export async function lookAtVisitor({ connection, prefix }: Writing, visitor: string, now: number): Promise<LinkingVisitor> {
  const { value, outcomes, holds } = customerKeys(prefix, visitor);
  const [bytes, answers, held] = await connection.script(lookAtVisitorScript, [value, outcomes, holds], []) as [Buffer | null, Buffer[], Buffer[]];
  return readable(() => {
    const found = bytes === null ? null : decodeNamedVisitor(bytes);
    const isOver = found === null || (found.state === 'open' && found.expiresAt <= now);
    return {
      head: bytes === null ? Buffer.alloc(0) : headOf(bytes),
      visitor: isOver ? null : found,
      answered: Array.from({ length: answers.length / 2 }, (_, place) => ({ ...decodeAnswered(answers[2 * place + 1]!), field: answers[2 * place]!, bytes: answers[2 * place + 1]! })),
      holds: decodeHolds(held),
    };
  });
}

/** Writes a visitor over the one that was seen; `null`: it goes. One that is linked has nothing of its own any more. False
 *  where it is another by now. */
export async function swapVisitor({ connection, prefix }: Writing, visitor: string, head: Buffer, next: VisitorValue | null, now: number): Promise<boolean> {
  const { value, outcomes, outcomeExpiry, holds } = customerKeys(prefix, visitor);
  const lifeMs = next === null || next.state === 'linked' ? '' : Math.max(0, next.expiresAt - now) + clockGraceMs;
  const gone = next?.state === 'linked' ? [outcomes, outcomeExpiry, holds] : [];
  return await connection.script(swapScript, [value, ...gone], [head, next === null ? '' : encodeNamedVisitor(visitor, next), lifeMs]) === 1;
}
