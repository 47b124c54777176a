import { StoreError } from '../customers/customer-store.js';
import type { Deadline } from './deadline.js';
import type { Tokens } from './token.js';

/** Tokens, once their secret is known; `null`: it is kept in the store, which has not answered since the process started. */
export type TokenSource = (deadline: Deadline) => Promise<Tokens | null>;

/** Asks for them until they came once. */
export function createTokenSource(make: () => Promise<Tokens>): TokenSource {
  let tokens: Tokens | undefined;
  let making: Promise<Tokens> | undefined;
  const ask = async (): Promise<Tokens> => {
    try {
      return tokens = await make();
    } finally {
      making = undefined;
    }
  };
  return async (deadline) => {
    if (tokens !== undefined) return tokens;
    try {
      return await deadline.cut(making ??= ask());
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  };
}
