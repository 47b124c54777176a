import { openStoreForMove } from '../../../src/app.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import type { Output, Surroundings } from '../../../src/cli/surroundings.js';
import type { CustomerStore } from '../../../src/customers/customer-store.js';

/** Arguments: from, to, now, and where this process is to die: at which of its writes to the new store (0: never), and
 *  whether before it, while it is under way, or after it. */
const [from = '', to = '', now = '', step = '', when = ''] = process.argv.slice(2);
let steps = 0;

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

async function dying(write: () => Promise<void>): Promise<void> {
  if (++steps !== Number(step)) return write();
  if (when === 'before') return die();
  const done = write();
  // The write has been sent, and nothing of it was answered: it may be done, half done, or not.
  if (when === 'during') return new Promise((resolve) => setImmediate(resolve)).then(die);
  await done;
  return die();
}

function dyingStore(store: CustomerStore): CustomerStore {
  const { take, setArrival } = store.holdings;
  return { ...store, holdings: { ...store.holdings, take: (...args) => dying(() => take(...args)), setArrival: (...args) => dying(() => setArrival(...args)) } };
}

const outputTo = (stream: NodeJS.WriteStream): Output => ({ write: (text) => new Promise((resolve) => stream.write(text, () => resolve())), isTerminal: false, columns: undefined });
const surroundings = {
  environment: {}, version: '0.0.0', output: outputTo(process.stdout), errors: outputTo(process.stderr), now: () => Number(now),
  openStoreForMove: async (location, end) => (end === 'from' ? openStoreForMove(location, end) : dyingStore(await openStoreForMove(location, end))),
} as Pick<Surroundings, 'environment' | 'version' | 'output' | 'errors' | 'now' | 'openStoreForMove'> as Surroundings;

process.exitCode = await runCommandLine(['migrate', '--from', from, '--to', to, '--json'], surroundings);
