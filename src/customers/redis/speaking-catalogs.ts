import { StoreError } from '../customer-store.js';
import { takeTurn, walkAnew, type SpeakingCatalog, type Turn, type TurnAsk } from '../speaking-catalogs.js';
import { decodeCatalogs, encodeCatalogs } from '../values/speaking-catalogs-value.js';
import type { RedisConnection } from './connection.js';
import { readable } from './customer-record.js';
import { sharedKeys } from './keys.js';
import { changeCatalogsScript } from './speaking-script.js';

/** Which catalog speaks, in the slot of what concerns all customers. */
export interface SpeakingCatalogs {
  takeTurn(ask: TurnAsk): Promise<Turn>;
  walkAnew(): Promise<void>;
  /** Whether anybody ever asked to speak. */
  hasSpoken(): Promise<boolean>;
}

/** Each process changes it some times a minute. */
const mostTries = 64;

export function createSpeakingCatalogs(connection: RedisConnection, prefix: string): SpeakingCatalogs {
  const key = sharedKeys(prefix).catalogs;
  /** Tried again where another process was faster. */
  const change = async <Answer>(changed: (before: readonly SpeakingCatalog[]) => { readonly catalogs: readonly SpeakingCatalog[]; readonly answer: Answer }): Promise<Answer> => {
    for (let tries = 0; tries < mostTries; tries++) {
      const bytes = await connection.command('getex', key) as Buffer | null;
      const before = bytes === null ? [] : readable(() => decodeCatalogs(bytes));
      const { catalogs, answer } = changed(before);
      if (catalogs === before || await connection.script(changeCatalogsScript, [key], [bytes ?? '', encodeCatalogs(catalogs)]) === 1) return answer;
    }
    throw new StoreError(`The store could not be written: other processes asked to speak ${mostTries} times meanwhile.`);
  };
  return {
    takeTurn: (ask) => change((before) => {
      const { catalogs, ...answer } = takeTurn(before, ask);
      return { catalogs, answer };
    }),
    walkAnew: () => change((before) => ({ catalogs: before.length === 0 ? before : walkAnew(before), answer: undefined })),
    hasSpoken: async () => await connection.command('getex', key) !== null,
  };
}
