import type { Engine } from '../app.js';
import { formatProblem } from '../catalog/problem.js';
import type { Config } from '../config.js';
import type { CustomerStore } from '../customers/customer-store.js';
import { problems } from './failure.js';
import { commandConfig } from './settings.js';
import type { Surroundings } from './surroundings.js';

/** Opens the catalog and the store that are configured, and closes them after the work, whatever became of it. */
export async function withEngine<T>(surroundings: Surroundings, work: (engine: Engine) => Promise<T>, config: Config = commandConfig(surroundings)): Promise<T> {
  const opened = await surroundings.openEngine(config);
  if (!opened.ok) throw problems(`The catalog in ${config.catalogFolder} cannot be used:`, ...opened.problems.map(formatProblem));
  try {
    return await work(opened.engine);
  } finally {
    await opened.engine.close();
  }
}

/** The store alone: what is held about customers can be read and erased under a catalog that is broken. */
export async function withStore<T>(surroundings: Surroundings, work: (store: CustomerStore) => Promise<T>): Promise<T> {
  const store = await surroundings.openStore(commandConfig(surroundings));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
