import { resolve } from 'node:path';
import type { Engine } from '../app.js';
import { formatProblem } from '../catalog/problem.js';
import type { Config } from '../config.js';
import type { CustomerStore } from '../customers/customer-store.js';
import { problems } from './failure.js';
import { commandConfig } from './settings.js';
import type { Surroundings } from './surroundings.js';

interface EngineUse {
  readonly config?: Config;
  /** Where there is no store yet, none is made. Default false. */
  readonly mustExist?: boolean;
}

/** Opens the catalog and the store that are configured, and closes them after the work, whatever became of it. */
export async function withEngine<T>(surroundings: Surroundings, work: (engine: Engine) => Promise<T>, { config = commandConfig(surroundings), mustExist = false }: EngineUse = {}): Promise<T> {
  const opened = await surroundings.openEngine(config, { mustExist });
  if (!opened.ok) throw problems(`The catalog in ${resolve(config.catalogFolder)} cannot be used:`, ...opened.problems.map(formatProblem));
  try {
    return await work(opened.engine);
  } finally {
    await opened.engine.close();
  }
}

/** The store alone, which must be there: what is held about customers can be read and erased under a catalog that is broken. */
export async function withStore<T>(surroundings: Surroundings, work: (store: CustomerStore) => Promise<T>): Promise<T> {
  const store = await surroundings.openStore(commandConfig(surroundings), { mustExist: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
