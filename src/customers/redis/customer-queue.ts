import { StoreError } from '../customer-store.js';
import { NoAnswer } from './failures.js';

/**
 * Runs this process's writes of one customer one after the other, in the order of their calls: that order is kept, and
 * none of them spoils another's step (64 at once would else read and write 2,080 times). Other customers do not wait.
 */
export interface CustomerQueue {
  run<T>(customerId: string, action: () => Promise<T>): Promise<T>;
  /** A write that those which wait right behind it may join, where they are of the same step and fit. */
  share<Write>(customerId: string, step: SharedStep<Write>, write: Write): Promise<unknown>;
}

export interface SharedStep<Write> {
  /** Whether `other` may join `one`. */
  fits(one: Write, other: Write): boolean;
  /** Does all of them, in their order, and never rejects: one result for each. */
  run(writes: readonly Write[]): Promise<readonly PromiseSettledResult<unknown>[]>;
}

interface Waiting {
  readonly step: SharedStep<unknown>;
  readonly write: unknown;
  readonly timer: NodeJS.Timeout | undefined;
  settle(result: PromiseSettledResult<unknown>): void;
}

/** An answer of Redis, and a moment of this process, are long enough for a batch of outcomes. */
const mostTogether = 128;

/** A write that waited `timeoutMs` for those before it is given up, and so are all that wait behind one that found no
 *  answer: they waited as long. */
export function createCustomerQueue(timeoutMs: number): CustomerQueue {
  const lines = new Map<string, Waiting[]>();

  /** Until nobody waits. */
  const work = async (customerId: string, line: Waiting[]): Promise<void> => {
    while (line.length > 0) {
      const { step, write } = line[0]!;
      const behind = line.findIndex((each, place) => place > 0 && (place >= mostTogether || each.step !== step || !step.fits(write, each.write)));
      const together = line.splice(0, behind < 0 ? line.length : behind);
      for (const { timer } of together) clearTimeout(timer);
      const results = await step.run(together.map((each) => each.write));
      for (const [place, { settle }] of together.entries()) settle(results[place]!);
      const silent = results.find((result) => result.status === 'rejected' && result.reason instanceof NoAnswer);
      if (silent !== undefined) for (const { timer, settle } of line.splice(0)) {
        clearTimeout(timer);
        settle(silent);
      }
    }
    lines.delete(customerId);
  };

  const enqueue = (customerId: string, step: SharedStep<unknown>, write: unknown): Promise<unknown> => new Promise((resolve, reject) => {
    const settle = (result: PromiseSettledResult<unknown>): void => (result.status === 'fulfilled' ? resolve(result.value) : reject(result.reason as Error));
    const line = lines.get(customerId);
    if (line === undefined) {
      const own: Waiting[] = [{ step, write, settle, timer: undefined }];
      lines.set(customerId, own);
      void work(customerId, own);
      return;
    }
    const giveUp = (): void => {
      const place = line.indexOf(waiting);
      if (place >= 0) line.splice(place, 1);
      reject(new StoreError('Redis is too slow: other writes of the same customer take all the time.'));
    };
    const waiting: Waiting = { step, write, settle, timer: setTimeout(giveUp, timeoutMs) };
    line.push(waiting);
  });

  return {
    run: <T>(customerId: string, action: () => Promise<T>) => enqueue(customerId, alone(action), undefined) as Promise<T>,
    share: <Write>(customerId: string, step: SharedStep<Write>, write: Write) => enqueue(customerId, step, write),
  };
}

function alone(action: () => Promise<unknown>): SharedStep<unknown> {
  return {
    fits: () => false,
    run: async () => {
      try {
        return [{ status: 'fulfilled', value: await action() }];
      } catch (reason) {
        return [{ status: 'rejected', reason }];
      }
    },
  };
}
