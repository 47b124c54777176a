import { StoreError, UnreadableError } from '../customer-store.js';
import { isVisitorKey } from '../visitor-id.js';
import { commit, noAnswer, type Answer, type Commit, type Snapshot } from './customer-record.js';
import type { SharedStep } from './customer-queue.js';
import { NoAnswer } from './failures.js';
import { lookAtHeld } from './look-at-held.js';
import { mostTries, tooManyTries, writeWithRoom, type PlannedWrite, type Writing } from './write-with-room.js';

type Write = PlannedWrite<unknown>;
type Settled = PromiseSettledResult<unknown>;

/**
 * Writes of one customer that waited for one before them, in one step for all: one look, each is decided on what those
 * before it leave, one commit. Each by itself reads and writes the whole ledger, of up to 2,000 contacts.
 */
export function shareSteps(writing: Writing): SharedStep<Write> {
  return {
    // When a visitor's time is over depends on when one asks.
    fits: (one, other) => !isVisitorKey(one.customerId) || one.now === other.now,
    run: (writes) => writeAll(writing, writes),
  };
}

async function writeAll(writing: Writing, writes: readonly Write[]): Promise<readonly Settled[]> {
  if (writes.length > 1) {
    try {
      return (await writeTogether(writing, writes)).map((value) => ({ status: 'fulfilled', value }));
    } catch (error) {
      // Nobody knows whether it was written, or Redis does not take it now: so it is for each of them. Else one of them cannot
      // be stored, or the answer to it not be read, and nothing was written: then each for itself.
      if (error instanceof StoreError && !(error instanceof UnreadableError)) return writes.map(() => ({ status: 'rejected', reason: error }));
    }
  }
  const settled: Settled[] = [];
  for (const write of writes) {
    const before = settled.at(-1);
    const isAway = before?.status === 'rejected' && before.reason instanceof NoAnswer;
    settled.push(isAway ? before : (await Promise.allSettled([writeWithRoom(writing, write)]))[0]);
  }
  return settled;
}

async function writeTogether(writing: Writing, writes: readonly Write[]): Promise<readonly unknown[]> {
  const { customerId, keys, now, shared } = writes[0]!;
  for (let tries = 0; tries < mostTries; tries++) {
    if (tries > 0) await writing.pause(tries);
    const snapshot = await lookAtHeld(writing, customerId, keys, now, { outcomes: writes.flatMap((write) => write.shared!.outcome ?? []), tombstoneKeys: shared!.tombstoneKeys });
    const { results, changes } = planAll(writes, snapshot);
    if (changes === null || await commit(writing.connection, keys, snapshot, changes) === 'written') return results;
  }
  throw tooManyTries();
}

/** `changes`: of all of them; `null`: nothing is to be written. */
function planAll(writes: readonly Write[], snapshot: Snapshot): { readonly results: readonly unknown[]; readonly changes: Commit | null } {
  const answers = answersOf(writes, snapshot);
  let changes: Commit | null = null;
  const results = writes.map((write) => {
    const planned = write.plan({ ...snapshot, customer: changes?.customer ?? snapshot.customer }, answers.of(write));
    if (planned.type === 'done') return planned.result;
    if (planned.refusal !== null) return planned.refusal;
    const { remembers = [], ...own } = planned.commit();
    answers.remember(remembers);
    changes = bothOf(changes, { ...own, remembers, id: write.customerId });
    return planned.result;
  });
  return { results, changes };
}

function bothOf(before: Commit | null, { customer, visitorUntil = 0, isNew = false, wakeAt = Infinity, remembers = [], ...others }: Commit): Commit {
  const soonest = Math.min(wakeAt, before?.wakeAt ?? Infinity);
  return {
    ...others,
    customer: customer ?? before?.customer,
    visitorUntil: Math.max(visitorUntil, before?.visitorUntil ?? 0),
    isNew: isNew || before?.isNew === true,
    wakeAt: soonest === Infinity ? undefined : soonest,
    remembers: [...before?.remembers ?? [], ...remembers],
  };
}

interface Answers {
  /** As it would be if those before it had been written. */
  of(write: Write): Answer;
  remember(remembers: NonNullable<Commit['remembers']>): void;
}

function answersOf(writes: readonly Write[], snapshot: Snapshot): Answers {
  const withOutcome = writes.filter(({ shared }) => shared!.outcome !== undefined);
  const found = new Map(withOutcome.map((write, place) => [write, snapshot.answers[place]!]));
  const storedOf = new Map(withOutcome.map((write, place) => [write.shared!.outcome!.id, snapshot.answers[place]!.answered]));
  const added = new Map<string, Answer['answered']>();
  const isKept = (answered: Answer['answered'] | undefined, now: number): number => (answered !== null && answered !== undefined && answered.expiresAt > now ? 1 : 0);
  return {
    of: (write) => {
      const { answered, remembered } = found.get(write) ?? noAnswer;
      const { id } = write.shared!.outcome ?? {};
      if (id === undefined) return noAnswer;
      // An id that was remembered before, and came again after its time, is one and not two.
      const more = Array.from(added, ([each, its]) => isKept(its, write.now) - isKept(storedOf.get(each), write.now)).reduce((sum, each) => sum + each, 0);
      return { answered: added.get(id) ?? answered, remembered: remembered + more };
    },
    remember: (remembers) => {
      for (const each of remembers) added.set(each.outcomeId, each);
    },
  };
}
