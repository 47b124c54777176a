import { ServiceError } from '../errors.js';
import type { CustomerStore, StoredProfile } from '../customers/customer-store.js';
import type { Deadline } from './deadline.js';
import { readThenWritten } from './store-answer.js';

/**
 * Changes of one customer that meet in this process are made together. Each by itself reads, changes and writes where
 * nobody else wrote in between; so 200 at once would read and write some 20,000 times, and most would be late. While some
 * are under way the others wait; then all that wait are taken as one group: one read, each applied to what the one before
 * made of it, in the order of their calls, and one write.
 */
export interface CustomerChanges {
  /** Resolves when it is durable. Rejects with what `apply` throws, which leaves the customer to the next as it was, or
   *  with a ServiceError. What refuses it of what was read waits for no write; what refuses it of what others of its group
   *  make of that holds once they are written. Where its caller is answered by the deadline before it was applied, it is
   *  not any more. */
  make(customerId: string, change: CustomerChange): Promise<MadeChange>;
}

export interface CustomerChange {
  readonly deadline: Deadline;
  readonly now: number;
  /** What the customer becomes; `null`: there is none yet. Called again where others wrote meanwhile. */
  apply(before: StoredProfile | null): StoredProfile;
}

export interface MadeChange { readonly isNew: boolean; readonly profile: StoredProfile }

export interface CustomerChangesParts {
  readonly store: Pick<CustomerStore, 'read' | 'putProfile'>;
  /** Until when somebody must look at a customer who is changed at `now`. */
  readonly wakeAt: (now: number) => number | undefined;
}

interface Caller {
  readonly change: CustomerChange;
  readonly answer: Promise<MadeChange>;
  isAnswered: boolean;
  /** Its change is in what is being written. */
  mayBeWritten: boolean;
  /** What refuses it of what was read, too: told where nothing is known of the write. */
  refusal: Refusal | null;
  resolve(made: MadeChange): void;
  refuse(error: unknown): void;
  /** Nothing is known of the write, or it was not made. */
  fail(error: unknown): void;
}

interface Refusal { readonly error: unknown }

/** So that many large ones do not hold the process in one piece. */
const mostTogether = 32;
/** A group that loses a race, to another process or to an outcome, is applied again to what won; after so many lost races its callers are asked to try again. */
const tries = 100;

export function createCustomerChanges({ store, wakeAt }: CustomerChangesParts): CustomerChanges {
  /** Those that wait, by customer; of each customer that is here changes are under way. */
  const lines = new Map<string, Caller[]>();

  const work = async (customerId: string, line: Caller[]): Promise<void> => {
    while (line.length > 0) {
      const group = line.splice(0, mostTogether);
      void makeTogether(customerId, group);
      // Also over where all were answered by their deadlines: a store that hangs holds up nobody who comes later.
      await Promise.allSettled(group.map(({ answer }) => answer));
    }
    lines.delete(customerId);
  };

  /** Answers all of them, and never rejects. */
  const makeTogether = async (customerId: string, group: readonly Caller[]): Promise<void> => {
    try {
      for (let attempt = 0; attempt < tries; attempt++) {
        const [first] = waiting(group);
        if (first === undefined) return;
        const { customer } = await store.read(customerId, [], first.change.now);
        const { profile, madeAt, answers } = applied(waiting(group), customer?.profile ?? null);
        const result = madeAt.length === 0 ? 'unchanged' : await store.putProfile(customerId, profile!, customer?.profileVersion ?? 0, wakeAt(Math.min(...madeAt)));
        if (result !== 'conflict') return answers.forEach((answer) => answer());
        for (const caller of group) caller.mayBeWritten = false;
      }
      throw new ServiceError('CONFLICT', 'The customer was changed by others again and again meanwhile; nothing was written, try again');
    } catch (error) {
      for (const caller of group) caller.fail(error);
    }
  };

  return {
    make: (customerId, change) => {
      const caller = callerOf(change);
      const line = lines.get(customerId);
      if (line !== undefined) line.push(caller);
      else {
        const own = [caller];
        lines.set(customerId, own);
        void work(customerId, own);
      }
      return caller.answer;
    },
  };
}

function callerOf(change: CustomerChange): Caller {
  let settle!: { resolve(made: MadeChange): void; reject(error: unknown): void };
  const made = new Promise<MadeChange>((resolve, reject) => { settle = { resolve, reject }; });
  const caller: Caller = {
    change,
    isAnswered: false,
    mayBeWritten: false,
    refusal: null,
    resolve: settle.resolve,
    refuse: (error) => {
      // In the same step, and not when the promise says so: what is told to be refused is not applied once more.
      caller.isAnswered = true;
      caller.refusal = null;
      settle.reject(error);
    },
    fail: settle.reject,
    answer: readThenWritten(change.deadline, made, () => {
      caller.isAnswered = true;
      return caller.mayBeWritten;
    }).catch((error: unknown) => { throw caller.refusal === null ? error : caller.refusal.error; }),
  };
  return caller;
}

function waiting(group: readonly Caller[]): readonly Caller[] {
  return group.filter(({ isAnswered }) => !isAnswered);
}

interface Applied {
  readonly profile: StoredProfile | null;
  /** The `now` of each change that came through. */
  readonly madeAt: readonly number[];
  /** To be given once it is durable. */
  readonly answers: readonly (() => void)[];
}

function applied(callers: readonly Caller[], stored: StoredProfile | null): Applied {
  let profile = stored;
  const madeAt: number[] = [];
  const answers: (() => void)[] = [];
  for (const caller of callers) {
    try {
      const made = { isNew: profile === null, profile: caller.change.apply(profile) };
      ({ profile } = made);
      madeAt.push(caller.change.now);
      caller.mayBeWritten = true;
      caller.refusal = null;
      answers.push(() => caller.resolve(made));
    } catch (error) {
      if (madeAt.length === 0) caller.refuse(error);
      else {
        caller.refusal = refusalOf(caller.change, stored);
        answers.push(() => caller.refuse(error));
      }
    }
  }
  return { profile, madeAt, answers };
}

function refusalOf({ apply }: CustomerChange, profile: StoredProfile | null): Refusal | null {
  try {
    apply(profile);
    return null;
  } catch (error) {
    return { error };
  }
}
