import { ServiceError } from '../errors.js';
import { StoreError } from '../customers/customer-store.js';
import type { Deadline } from './deadline.js';

const nothingWritten = 'The store does not answer, and nothing was written; try again';
const perhapsWritten = 'The store does not answer; it is not known whether the write happened, send it again';

/** What the store reads within the caller's time. Throws a ServiceError. */
export const read = <T>(deadline: Deadline, work: Promise<T>): Promise<T> => readThenWritten(deadline, work, () => false);

/** What it answers to a write. Throws a ServiceError. */
export const written = <T>(deadline: Deadline, work: Promise<T>): Promise<T> => readThenWritten(deadline, work, () => true);

/** What it answers to work that reads first. `mayBeWritten`: asked where there is no answer. Throws a ServiceError. */
export async function readThenWritten<T>(deadline: Deadline, work: Promise<T>, mayBeWritten: () => boolean): Promise<T> {
  try {
    return await deadline.cut(work);
  } catch (error) {
    if (error instanceof StoreError) throw new ServiceError('STORE_UNAVAILABLE', mayBeWritten() ? perhapsWritten : nothingWritten);
    throw error;
  }
}
