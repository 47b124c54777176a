import { randomBytes } from 'node:crypto';
import { StoreError } from '../customer-store.js';
import { tombstoneSaltName } from '../store-holdings.js';
import type { RedisConnection } from './connection.js';
import { movedTombstonesKey, tombstoneKeys, type TombstoneKeys } from './keys.js';
import { secretOf } from './secrets.js';
import { checkFormat, expectNoEviction, risksOf } from './server-checks.js';

export type TombstonesOf = (customerId: string) => TombstoneKeys;

/** What is asked of a Redis before it is used: that it throws nothing away and holds data that we can read, and how its
 *  tombstones are named. A Redis that was away when the process started is asked when it is there. */
export interface Preparation {
  /** Rejects with a StoreError while it cannot be used. Calls at the same time ask once; what was answered once is kept. */
  ready(): Promise<TombstonesOf>;
  /** Why it cannot be used, as far as is known; then it is asked again, for the next one who wants to know. */
  problem(): string | null;
}

export interface PreparationUse {
  readonly mustExist: boolean;
  /** Done when all else is well. */
  readonly beforeUse: () => Promise<void>;
  /** Told of what is less safe than it could be, once. */
  readonly warn?: ((risk: string) => void) | undefined;
}

export function createPreparation(connection: RedisConnection, prefix: string, { mustExist, beforeUse, warn }: PreparationUse): Preparation {
  let answered: TombstonesOf | undefined;
  let asking: Promise<TombstonesOf> | undefined;
  let problem = 'The store has not answered yet.';

  const ask = async (): Promise<TombstonesOf> => {
    try {
      await expectNoEviction(connection);
      await checkFormat(connection, prefix, mustExist);
      await beforeUse();
      const salt = await secretOf(connection, prefix, tombstoneSaltName, () => randomBytes(32).toString('base64url'));
      const hasMoved = await connection.command('get', movedTombstonesKey(prefix)) !== null;
      if (warn !== undefined) for (const risk of await risksOf(connection)) warn(risk);
      return answered = (customerId) => tombstoneKeys(prefix, salt, hasMoved, customerId);
    } catch (error) {
      if (error instanceof StoreError) problem = error.message;
      throw error;
    } finally {
      asking = undefined;
    }
  };
  const ready = async (): Promise<TombstonesOf> => answered ?? await (asking ??= ask());

  return {
    ready,
    problem: () => {
      const noConnection = connection.problem();
      if (answered !== undefined || noConnection !== null) return noConnection;
      ready().catch(() => undefined);
      return problem;
    },
  };
}
