import { randomBytes } from 'node:crypto';
import type { LimitRoom } from '../customer-store.js';
import type { Hold, Holds } from './holds.js';
import { encodeEntries, entryOf, type LimitCounters, type Taking, type Took } from './limit-counters.js';

/** What a write wants of the limits, in the order in which it is checked. */
export type Wish =
  | { readonly type: 'reserve'; readonly room: LimitRoom; readonly holder: Buffer; readonly heldUntil: number }
  | { readonly type: 'confirm'; readonly room: LimitRoom; readonly holder: Buffer | null }
  | { readonly type: 'release'; readonly holder: Buffer };

export type TakenRoom =
  | { readonly type: 'taken'; readonly room: Room }
  | { readonly type: 'full'; readonly counter: string }
  /** The same outcome is being recorded by another process: what becomes of it is to be awaited. */
  | { readonly type: 'busy'; resolve(): Promise<void> };

/** Room that is taken before the customer is written. What the write must say, and what is done when it is known. */
export interface Room {
  readonly attempt: { readonly id: Buffer; readonly entries: string } | undefined;
  /** How the customer's list of reservations changes. */
  readonly holds: ReadonlyMap<string, Hold | null>;
  /** The customer was not written and will not be: all is as it was. */
  giveBack(): Promise<void>;
  /** The customer is written. */
  settle(): Promise<void>;
}

export interface RoomRequest {
  readonly counters: LimitCounters;
  readonly place: string;
  readonly holds: Holds;
  readonly wishes: readonly Wish[];
  readonly now: number;
}

/** How long a process may take from taking room to writing the customer, before others find out what became of it. */
const doubtAfterMs = 30_000;

/** The wishes as one attempt: what it takes, and what it leaves, as if they were done one after the other. */
interface Draft {
  readonly id: Buffer;
  readonly request: RoomRequest;
  readonly holds: Map<string, Hold | null>;
  /** Reservations that go once the customer is written. */
  leaving: { readonly counter: string; readonly holder: Buffer }[];
  /** Counters of the entries; one that took what was reserved elsewhere has that one's. */
  readonly entries: string[];
}
interface Sent { readonly counter: string; readonly took: Promise<Took>; undo(before: number | null): Promise<unknown> }

/**
 * Takes room for all wishes or for none. All are asked for at once; what is asked of one counter is answered in order.
 * A room that is refused while other entries are in doubt is asked for again when those are settled.
 */
export async function takeRoom(request: RoomRequest): Promise<TakenRoom> {
  const { counters, now } = request;
  for (let tries = 0; ; tries++) {
    const draft: Draft = { id: randomBytes(16), request, holds: livingHolds(request), leaving: [], entries: [] };
    const sent = request.wishes.flatMap((wish) => send(draft, wish));
    const answers = await Promise.allSettled(sent.map(({ took }) => took));
    const undo = async (): Promise<void> => {
      // From the last to the first, so that each finds what it left.
      await Promise.all(sent.map((each, place) => [each, answers[place]!] as const).toReversed().flatMap(([each, answer]) =>
        (answer.status === 'fulfilled' && answer.value.type === 'taken' ? [each.undo(answer.value.before)] : [])));
    };
    const bad = answers.findIndex((answer) => answer.status === 'rejected' || answer.value.type !== 'taken');
    const answer = answers[bad];
    if (answer === undefined) return { type: 'taken', room: roomOf(draft, undo) };
    if (answer.status === 'rejected') {
      // Redis is away: what cannot be given back now ends by itself.
      undo().catch(() => undefined);
      throw answer.reason as Error;
    }
    await undo();
    const refused = answer.value as Exclude<Took, { type: 'taken' }>;
    if (refused.type === 'busy') return { type: 'busy', resolve: () => counters.resolve(refused.doubted, now) };
    if (refused.doubted.length === 0 || tries >= 8) return { type: 'full', counter: sent[bad]!.counter };
    await counters.resolve(refused.doubted, now);
  }
}

/** The holds that are live; those that have ended go. */
function livingHolds({ holds, now }: RoomRequest): Map<string, Hold | null> {
  return new Map(Array.from(holds, ([holder, hold]) => [holder, hold.heldUntil > now ? hold : null]));
}

function send(draft: Draft, wish: Wish): Sent[] {
  if (wish.type === 'reserve') return [sendReserve(draft, wish)];
  if (wish.type === 'confirm') return [sendConfirm(draft, wish)];
  const name = wish.holder.toString('hex');
  const hold = draft.holds.get(name) ?? draft.request.holds.get(name);
  if (hold !== undefined) leave(draft, hold.counter, wish.holder);
  draft.holds.set(name, null);
  return [];
}

function sendReserve(draft: Draft, { room, holder, heldUntil }: Extract<Wish, { type: 'reserve' }>): Sent {
  const { counters, now } = draft.request;
  const name = holder.toString('hex');
  const had = draft.holds.get(name);
  draft.leaving = draft.leaving.filter((each) => each.counter !== room.counter || !each.holder.equals(holder));
  const took = counters.take(takingOf(draft, { mode: 'reserve', room, holder, ends: heldUntil, entry: Buffer.alloc(0) }));
  if (had !== null && had !== undefined && had.counter !== room.counter) leave(draft, had.counter, holder);
  draft.holds.set(name, heldUntil > now ? { counter: room.counter, heldUntil } : null);
  return { counter: room.counter, took, undo: (before) => counters.hold(room.counter, holder, before) };
}

function sendConfirm(draft: Draft, { room, holder }: Extract<Wish, { type: 'confirm' }>): Sent {
  const { counters, now } = draft.request;
  const place = draft.entries.length;
  draft.entries.push(room.counter);
  const entry = entryOf(draft.id, place);
  const name = holder?.toString('hex');
  const had = name === undefined ? null : draft.holds.get(name);
  // What is on its way out of this counter is no reservation any more.
  const isLeaving = holder !== null && draft.leaving.some((each) => each.counter === room.counter && each.holder.equals(holder));
  const inHere = takingOf(draft, { mode: 'confirm', room, holder: isLeaving ? null : holder, ends: now + doubtAfterMs, entry });
  const take = async (): Promise<Took> => {
    if (had === null || had === undefined || had.counter === room.counter) return counters.take(inHere);
    const own = await counters.take({ ...inHere, mode: 'confirm-own', room: { ...room, counter: had.counter }, holder, leaving: [] });
    if (own.type === 'full') return counters.take(inHere);
    if (own.type === 'taken') draft.entries[place] = had.counter;
    return own;
  };
  if (had !== undefined && name !== undefined) draft.holds.set(name, null);
  return { counter: room.counter, took: take(), undo: () => counters.settle(draft.entries[place]!, entry, 'abort', now) };
}

function takingOf(draft: Draft, { room, holder, ...rest }: Pick<Taking, 'mode' | 'room' | 'holder' | 'ends' | 'entry'>): Taking {
  const leaving = draft.leaving.filter((each) => each.counter === room.counter).map((each) => each.holder);
  return { ...rest, room, holder, now: draft.request.now, place: draft.request.place, leaving };
}

function leave(draft: Draft, counter: string, holder: Buffer): void {
  draft.leaving.push({ counter, holder });
}

function roomOf({ id, entries, holds, leaving, request: { counters, place, now } }: Draft, giveBack: () => Promise<void>): Room {
  return {
    attempt: entries.length === 0 ? undefined : { id, entries: encodeEntries(entries) },
    holds,
    giveBack,
    settle: async () => {
      await Promise.all([
        entries.length === 0 ? undefined : counters.finish(place, id, entries, now),
        ...leaving.map(({ counter, holder }) => counters.hold(counter, holder, null)),
      ]);
    },
  };
}
