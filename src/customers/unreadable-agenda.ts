import { UnreadableError } from './store-error.js';

/** Told to who takes what is due. */
export function unreadableAgenda(reason: string): UnreadableError {
  return new UnreadableError(`What there is to say to a customer cannot be read: ${reason}. Nothing is said to the customer by itself until it is replaced (an import) or erased.`);
}
