import { StoreError } from '../customer-store.js';
import { NoAnswer } from './failures.js';

/**
 * Runs this process's writes of one customer one after the other, in the order of their calls: that order is kept, and
 * none of them spoils another's step (64 at once would else read and write 2,080 times). Other customers do not wait.
 */
export interface CustomerQueue {
  run<T>(customerId: string, action: () => Promise<T>): Promise<T>;
}

interface Waiting { start(): void; giveUp(error: StoreError): void }

/** A write that waited `timeoutMs` for those before it is given up, and so are all that wait behind one that found no
 *  answer: they waited as long. */
export function createCustomerQueue(timeoutMs: number): CustomerQueue {
  const lines = new Map<string, Waiting[]>();

  const next = (customerId: string, line: Waiting[], error: unknown): void => {
    if (error instanceof NoAnswer) for (const waiting of line.splice(0)) waiting.giveUp(error);
    const first = line.shift();
    if (first === undefined) lines.delete(customerId);
    else first.start();
  };
  const execute = async <T>(customerId: string, line: Waiting[], action: () => Promise<T>): Promise<T> => {
    let failure: unknown;
    try {
      return await action();
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      next(customerId, line, failure);
    }
  };

  return {
    run: (customerId, action) => {
      const line = lines.get(customerId);
      if (line === undefined) {
        const own: Waiting[] = [];
        lines.set(customerId, own);
        return execute(customerId, own, action);
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => waiting.giveUp(new StoreError('Redis is too slow: other writes of the same customer take all the time.')), timeoutMs);
        const waiting: Waiting = {
          start: () => {
            clearTimeout(timer);
            execute(customerId, line, action).then(resolve, reject);
          },
          giveUp: (error) => {
            clearTimeout(timer);
            const place = line.indexOf(waiting);
            if (place >= 0) line.splice(place, 1);
            reject(error);
          },
        };
        line.push(waiting);
      });
    },
  };
}
