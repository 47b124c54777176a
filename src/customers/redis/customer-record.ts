import { UnreadableError, type ContactWrite, type Tombstone } from '../customer-store.js';
import { decodeCustomer, encodeCustomer, type CustomerValue } from '../values/customer-value.js';
import { UnreadableValue } from '../values/bytes.js';
import type { Agenda } from '../agenda.js';
import { encodeAgenda } from '../values/agenda-value.js';
import { decodeAnswered, encodeAnswered, type AnsweredOutcome } from '../values/answered-outcome.js';
import type { Argument, RedisConnection } from './connection.js';
import { decodeHolds, encodeHold, type Hold, type Holds } from './holds.js';
import { decodeNamedVisitor, encodeNamedVisitor } from './named-visitor.js';
import type { Seal } from '../values/visitor-value.js';
import { outcomeField, type CustomerKeys, type TombstoneKeys } from './keys.js';
import { commitScript, lookScript } from './customer-scripts.js';

/** A customer as it was at one moment, with what a write decides on. */
export interface Snapshot {
  /** The value's first bytes, which no other value of this customer has: they hold its versions. Empty: no customer. */
  readonly head: Buffer;
  readonly customer: CustomerValue | null;
  /** Of a visitor: the customer who holds all; what is to be finished first; the end of its time, 0 where it is new, `null` of a customer. */
  readonly linkedTo: string | null;
  readonly seal: Seal | null;
  readonly visitorUntil: number | null;
  /** One for each outcome that was asked for. */
  readonly answers: readonly Answer[];
  readonly tombstone: Tombstone | null;
  readonly holds: Holds;
}

/** What became of an outcome before, and how many are remembered. */
export interface Answer { readonly answered: AnsweredOutcome | null; readonly remembered: number }
/** Of a write that has no id. */
export const noAnswer: Answer = { answered: null, remembered: 0 };

/** What is looked at beside the customer. `visitorAt`: it is a visitor, who is none where its time is over by then. */
export interface Wanted { readonly visitorAt: number | null; readonly outcomes?: readonly WantedOutcome[]; readonly holds?: boolean; readonly tombstoneKeys?: TombstoneKeys | undefined }
export interface WantedOutcome { readonly id: string; readonly now: number }

/** An answer to be remembered; what has expired at `now` makes room. */
export type Remembered = NonNullable<ContactWrite['idempotency']> & { readonly now: number };

export interface Commit {
  readonly id: string;
  /** `undefined`: the value stays. */
  readonly customer?: CustomerValue | undefined;
  readonly visitorUntil?: number | undefined;
  /** Enters it in the list of ids. */
  readonly isNew?: boolean | undefined;
  readonly now?: number | undefined;
  readonly remembers?: readonly Remembered[] | undefined;
  readonly attempt?: { readonly id: Buffer; readonly entries: string } | undefined;
  /** By holder, as hexadecimal; `null` removes the one that was seen. */
  readonly holds?: ReadonlyMap<string, Hold | null> | undefined;
  /** When the customer is to be due, at the latest. */
  readonly wakeAt?: number | undefined;
  /** What hangs on partners' data goes from the agenda, and their events' keys; a lease that is held is lost. */
  readonly forgetsPartners?: boolean | undefined;
  /** Written only while the lease is held. */
  readonly agenda?: { readonly lease: string; readonly agenda: Agenda } | undefined;
}

/** Format and both versions are 17 bytes at most, and a visitor's state, link and versions 80. A longer head holds more,
 *  and is as good. */
const headBytes = 80;
/** What has ended by the calls' clocks is cleared by the server's, which may be another: a day is more than they differ. */
export const clockGraceMs = 86_400_000;

export function headOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, headBytes);
}

export async function look(connection: RedisConnection, keys: CustomerKeys, wanted: Wanted): Promise<Snapshot> {
  const outcomes = wanted.outcomes ?? [];
  const { own, moved } = wanted.tombstoneKeys ?? { own: null, moved: null };
  // One round trip: what came from another store is not in this slot, and never changes.
  const [[value, tombstone, holds, ...answers], came] = await Promise.all([
    connection.script(lookScript, [keys.value, keys.outcomes, own ?? keys.value, keys.holds, keys.outcomeExpiry], [own === null ? '0' : '1', wanted.holds === true ? '1' : '0', ...outcomes.flatMap(({ id, now }) => [outcomeField(id), now])]) as Promise<[Buffer | null, Buffer | null, Buffer[], ...(Buffer | number | null)[]]>,
    moved === null ? null : connection.command('getex', moved) as Promise<Buffer | null>,
  ]);
  return readable(() => ({
    head: value === null ? Buffer.alloc(0) : headOf(value),
    ...heldIn(value, wanted.visitorAt),
    answers: outcomes.map((_, place) => answerOf(answers[2 * place] as Buffer | null, answers[2 * place + 1] as number)),
    tombstone: laterOf([tombstone, came].flatMap((each) => (each === null ? [] : [tombstoneOf(each.toString())]))),
    holds: decodeHolds(holds),
  }));
}

function answerOf(answered: Buffer | null, remembered: number): Answer {
  return { answered: answered === null ? null : decodeAnswered(answered), remembered };
}

type Held = Pick<Snapshot, 'customer' | 'linkedTo' | 'seal' | 'visitorUntil'>;

/** Throws `UnreadableValue`. */
export function heldIn(value: Buffer | null, visitorAt: number | null): Held {
  const nothing: Held = { customer: null, linkedTo: null, seal: null, visitorUntil: visitorAt === null ? null : 0 };
  if (value === null) return nothing;
  if (visitorAt === null) return { ...nothing, customer: decodeCustomer(value) };
  const visitor = decodeNamedVisitor(value);
  if (visitor.state === 'linked') return { ...nothing, linkedTo: visitor.customerId };
  if (visitor.state === 'sealed') return { ...nothing, seal: visitor.seal };
  return visitor.expiresAt <= visitorAt ? nothing : { ...nothing, customer: visitor.customer, visitorUntil: visitor.expiresAt };
}

/** Writes where the customer is still the one that was looked at. `called-off`: this attempt may not be written any more. */
export async function commit(connection: RedisConnection, keys: CustomerKeys, { head, holds, ...seen }: Snapshot, { id, customer, visitorUntil, isNew = false, now = 0, remembers = [], attempt, holds: changes = new Map(), wakeAt, forgetsPartners = false, agenda }: Commit): Promise<'written' | 'conflict' | 'called-off' | 'lease-lost'> {
  const gone: Argument[] = [];
  const come: Argument[] = [];
  let holdMs = 0;
  for (const [holder, hold] of changes) {
    const field = Buffer.from(holder, 'hex');
    if (hold !== null) {
      come.push(field, encodeHold(hold));
      holdMs = Math.max(holdMs, hold.heldUntil - now);
    } else {
      const seen = holds.get(holder);
      if (seen !== undefined) gone.push(field, seen.bytes);
    }
  }
  const outcomes = remembers.flatMap((each): Argument[] => [outcomeField(each.outcomeId), encodeAnswered(each), each.expiresAt, each.now, Math.max(0, each.expiresAt - each.now) + clockGraceMs]);
  const expiresAt = seen.visitorUntil === null ? null : Math.max(visitorUntil ?? 0, seen.visitorUntil);
  const value = customer === undefined ? '' : expiresAt === null ? encodeCustomer(customer) : encodeNamedVisitor(id, { state: 'open', expiresAt, customer });
  const answer = await connection.script(commitScript, [keys.value, keys.outcomes, keys.outcomeExpiry, keys.holds, keys.committed, keys.aborted, keys.ids, keys.agenda, keys.due.at, keys.due.leases, keys.due.woken], [
    head, value, isNew ? id : '', attempt?.id ?? '', attempt?.entries ?? '',
    holdMs + clockGraceMs, expiresAt === null ? '' : Math.max(0, expiresAt - now) + clockGraceMs,
    id, wakeAt ?? '', agenda?.lease ?? '', agenda !== undefined ? encodeAgenda(agenda.agenda) : forgetsPartners ? '1' : '',
    remembers.length, ...outcomes, gone.length / 2, ...gone, ...come,
  ]);
  return answer === 1 ? 'written' : answer === 0 ? 'conflict' : answer === -1 ? 'called-off' : 'lease-lost';
}

/** Runs what decodes stored bytes. */
export function readable<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof UnreadableValue) throw new UnreadableError(`A stored value cannot be read: ${error.message}.`);
    throw error;
  }
}

/** Of two tombstones the later times count. */
function laterOf([first, ...others]: readonly Tombstone[]): Tombstone | null {
  if (first === undefined) return null;
  return others.reduce((one, other) => ({ erasedAt: Math.max(one.erasedAt, other.erasedAt), keptUntil: Math.max(one.keptUntil, other.keptUntil) }), first);
}

/** Throws `UnreadableValue`. */
export function tombstoneOf(text: string): Tombstone {
  const match = /^1 (\d+) (\d+)$/.exec(text);
  if (match === null) throw new UnreadableValue('a tombstone of an unknown format');
  return { erasedAt: Number(match[1]), keptUntil: Number(match[2]) };
}
