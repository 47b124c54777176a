import { resolve } from 'node:path';
import type { Engine } from '../../app.js';
import { formatProblem } from '../../catalog/problem.js';
import type { Config } from '../../config.js';
import { NoStoreError, type CustomerStore } from '../../customers/customer-store.js';
import { problems } from '../failure.js';
import { plainText } from '../printing/plain-text.js';
import { commandConfig } from './settings.js';
import type { Surroundings } from '../surroundings.js';

interface EngineUse {
  readonly config?: Config;
  /** Where there is no store yet, none is made. Default false. */
  readonly mustExist?: boolean;
  /** The command has the option --store. Default false. */
  readonly takesStore?: boolean;
}

/** Opens the catalog and the store that are configured, and closes them after the work, whatever became of it. */
export async function withEngine<T>(surroundings: Surroundings, work: (engine: Engine) => Promise<T>, { config = commandConfig(surroundings), mustExist = false, takesStore = false }: EngineUse = {}): Promise<T> {
  const opened = await surroundings.openEngine(config, { mustExist }).catch((error: unknown) => explainNoStore(error, takesStore));
  if (!opened.ok) throw problems(`The catalog in ${resolve(config.catalogFolder)} cannot be used:`, ...opened.problems.map((problem) => plainText(formatProblem(problem))));
  try {
    return await work(opened.engine);
  } finally {
    await opened.engine.close();
  }
}

/** The store alone, which must be there: what is held about customers can be read and erased under a catalog that is broken. */
export async function withStore<T>(surroundings: Surroundings, work: (store: CustomerStore) => Promise<T>): Promise<T> {
  const store = await surroundings.openStore(commandConfig(surroundings), { mustExist: true }).catch((error: unknown) => explainNoStore(error, false));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Throws the error, with what to do where there is no store. */
function explainNoStore(error: unknown, takesStore: boolean): never {
  if (!(error instanceof NoStoreError)) throw error;
  throw problems(
    plainText(error.message),
    `Set NBO_STORE${takesStore ? ', or --store,' : ''} to the store of the service, a folder (looked for from where the command runs) or a Redis; the log of the service names it at the start. "nbo start" and "nbo import" make a new one.`,
  );
}
