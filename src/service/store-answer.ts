import { ServiceError } from '../errors.js';
import { StoreError } from '../customers/customer-store.js';
import type { Deadline } from './deadline.js';

/** What the store reads within the caller's time. Throws a ServiceError. */
export const read = <T>(deadline: Deadline, work: Promise<T>): Promise<T> => answered(deadline, work, 'The store does not answer, and nothing was written; try again');

/** What it answers to a write. Throws a ServiceError. */
export const written = <T>(deadline: Deadline, work: Promise<T>): Promise<T> => answered(deadline, work, 'The store does not answer; it is not known whether the write happened, send it again');

async function answered<T>(deadline: Deadline, work: Promise<T>, otherwise: string): Promise<T> {
  try {
    return await deadline.cut(work);
  } catch (error) {
    if (error instanceof StoreError) throw new ServiceError('STORE_UNAVAILABLE', otherwise);
    throw error;
  }
}
