import { StoreError, type CustomerStore } from '../../../src/customers/customer-store.js';
import { connect, type RedisConnection } from '../../../src/customers/redis/connection.js';
import { createRedisStore } from '../../../src/customers/redis/redis-store.js';
import { parseRedisAddress } from '../../../src/customers/redis-address.js';

/** Where a process dies: before its step of this number (from 1) reaches Redis, or when Redis has done it and nobody hears
 *  of it. Nothing reaches Redis after that. */
export interface Death { readonly step: number; readonly when: 'before' | 'after'; /** Commands that are no step, since there are too many of them. */ readonly passed?: ReadonlySet<string> }

export interface DyingStore {
  readonly store: CustomerStore;
  /** From now on; `null`: lives on. */
  dieAt(death: Death | null): void;
  /** True when it has died. */
  isDead(): boolean;
  /** Stops before its next step of this script, until `goOn`. Resolves when it stands there. */
  stopBefore(script: string): Promise<{ goOn(): void }>;
  close(): Promise<void>;
}

const commandTimeoutMs = 20_000;

/** A store whose process can die or stop between any two steps. */
export async function openDyingStore(url: string): Promise<DyingStore> {
  const parsed = parseRedisAddress(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  const connection = await connect(parsed.address, { commandTimeoutMs });
  let death: Death | null = null;
  let steps = 0;
  let isDead = false;
  let stop: { readonly script: string; stands(goOn: () => void): void } | null = null;

  const step = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    if (stop?.script === name) {
      const { stands } = stop;
      stop = null;
      await new Promise<void>((resolve) => stands(resolve));
    }
    if (!isDead && death?.passed?.has(name) === true) return action();
    steps++;
    if (isDead || (death?.step === steps && death.when === 'before')) return die();
    // Steps that are under way with the last one are done too: they were sent with it.
    if (death?.step === steps) {
      isDead = true;
      await action();
      return die();
    }
    return action();
  };
  const die = (): never => {
    isDead = true;
    throw new StoreError('The process is dead.');
  };

  const dying: RedisConnection = {
    ...connection,
    command: (name, ...args) => step(name, () => connection.command(name, ...args)),
    script: (script, keys, args) => step(script.name, () => connection.script(script, keys, args)),
  };
  const store = await createRedisStore(dying, parsed.address.prefix, { commandTimeoutMs });
  return {
    store,
    dieAt: (next) => {
      death = next;
      steps = 0;
      isDead = false;
    },
    isDead: () => isDead,
    stopBefore: (script) => new Promise((resolve) => {
      stop = { script, stands: (goOn) => resolve({ goOn }) };
    }),
    close: () => store.close(),
  };
}
