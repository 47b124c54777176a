import { valueKey } from '../../src/customers/redis/keys.js';
import { writePolicyCatalog, type PolicyCatalog } from '../support/policy-catalog.js';
import { startCluster, startRedis, until } from '../support/redis-servers.js';
import { transpileSources, type RunnableSources } from '../support/run-typescript.js';
import { checkHistory, type Losses } from './check-history.js';
import { acknowledgedEntries, isRecorded, ofType, type History, type Operation } from './history.js';
import { policy, policyFiles } from './policy.js';
import { startServiceNodes, type ServiceNodes } from './service-nodes.js';
import { Workload, type Blow } from './workload.js';

/**
 * A history in the style of Jepsen: several processes of the service, clients that do at random what clients do, and
 * blows in the middle. What each client was told is held against what it was promised. NBO_HISTORY_SEED=… makes the same
 * choices again (not the same race: that is the machine's).
 */
const seed = Number(process.env['NBO_HISTORY_SEED'] ?? 20_261);
const clients = 8;
/** Processes start and die many times: on a busy machine that takes its time. */
const patienceMs = 300_000;

let sources: RunnableSources;
let catalog: PolicyCatalog;
let nodes: ServiceNodes | undefined;
beforeAll(async () => {
  sources = await transpileSources();
});
afterAll(() => sources.remove());
beforeEach(async () => {
  catalog = await writePolicyCatalog(policyFiles);
});
afterEach(async () => {
  await nodes?.stop();
  nodes = undefined;
  await catalog.remove();
});

const start = async (...environments: readonly Record<string, string>[]): Promise<ServiceNodes> =>
  nodes = await startServiceNodes(sources, environments.map((environment) => ({ NBO_CATALOG: catalog.catalogFolder, NBO_STORE: catalog.storeFolder, ...environment })));

/** Runs it, and expects that nothing was broken, that enough was done to break something, and that the blows were felt. */
async function expectRight(name: string, workload: Workload, lossesOf: (history: History) => Promise<Losses | undefined> = () => Promise.resolve(undefined)): Promise<void> {
  const history = await workload.run();
  const { violations, lost } = checkHistory(history, policy, await lossesOf(history));
  const counts = countsOf(history);
  process.stdout.write(`History on ${name}, seed ${seed}: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ')}; ${lost.length} acknowledged entries lost\n`);
  expect({ seed, violations }).toEqual({ seed, violations: [] });
  for (const what of ['recorded', 'shown only', 'acknowledged', 'sent again', 'refused by the limit', 'read', 'erased'] as const) expect({ seed, [what]: counts[what] > 0 }).toEqual({ seed, [what]: true });
}

function countsOf({ operations }: History) {
  const [decisions, outcomes] = [ofType(operations, 'decision'), ofType(operations, 'outcome')];
  return {
    recorded: decisions.filter(isRecorded).length,
    'shown only': decisions.filter(({ record, status, degraded }) => !record && status === 200 && !degraded).length,
    degraded: decisions.filter(({ degraded }) => degraded).length,
    acknowledged: outcomes.filter((outcome) => outcome.again === undefined && acknowledgedEntries(outcome).length > 0).length,
    'sent again': outcomes.filter(({ again, status }) => again !== undefined && status === 200).length,
    'refused by the limit': outcomes.filter(({ status }) => status === 409).length,
    'without an answer': operations.filter(({ ended }) => ended === Infinity).length,
    read: ofType(operations, 'reading').filter(({ status }) => status === 200).length,
    erased: ofType(operations, 'erasure').length,
  };
}

test('the embedded store: workers of two processes are killed', async () => {
  const service = await start({ NBO_WORKERS: '2' }, { NBO_WORKERS: '2' });
  const killWorker = (node: number, afterCalls: number): Blow => ({ afterCalls, strike: () => Promise.resolve(service.killWorker(node)) });
  await expectRight('LMDB', new Workload(service, { seed, clients, calls: 1200, blows: [killWorker(0, 200), killWorker(1, 400), killWorker(0, 600), { afterCalls: 800, strike: () => service.killAndStart(1) }] }));
}, patienceMs);

test('Redis: a node is killed, Redis is killed, and frozen', async () => {
  const redis = await startRedis();
  try {
    const service = await start({ NBO_STORE: redis.url }, { NBO_STORE: redis.url });
    let killed: Promise<void>;
    await expectRight('Redis', new Workload(service, { seed, clients, calls: 1500, blows: [
      { afterCalls: 200, strike: () => service.killAndStart(0) },
      { afterCalls: 500, strike: () => killed = redis.kill() },
      { afterCalls: 520, strike: () => service.killAndStart(0) },      // it starts while Redis is away
      { afterCalls: 650, strike: () => killed.then(() => redis.start()) },
      { afterCalls: 800, strike: () => service.killAndStart(1) },
      // Often and for a moment, to catch decisions between their read and their claim; and nobody is killed after that, so
      // that all that was claimed too late must have been taken back.
      ...[950, 1030, 1110, 1190, 1270, 1350, 1430].flatMap((afterCalls): Blow[] => [
        { afterCalls, strike: () => Promise.resolve(redis.freeze()) },
        { afterCalls: afterCalls + 8, strike: () => Promise.resolve(redis.thaw()) },
      ]),
    ] }));
  } finally {
    await nodes?.stop();
    nodes = undefined;
    await redis.stop();
  }
}, patienceMs);

test('Redis Cluster: a master dies, and its replica takes over', async () => {
  const cluster = await startCluster();
  try {
    const service = await start({ NBO_STORE: cluster.url }, { NBO_STORE: cluster.url });
    const [master, replica] = [cluster.masters[0]!, cluster.replicas[0]!];
    // What the replica has when the master dies is not lost; what is acknowledged after that may be, since replication is asynchronous.
    const danger = { from: Infinity, until: 0 };
    const workload: Workload = new Workload(service, { seed, clients, calls: 1500, blows: [
      { afterCalls: 200, strike: () => service.killAndStart(0) },
      { afterCalls: 600, strike: async () => {
        danger.from = workload.now();
        const offset = offsetIn(await master.admin.info('replication'), 'master_repl_offset');
        await until(async () => offsetIn(await replica.admin.info('replication'), 'slave_repl_offset') >= offset);
        await master.kill();
        danger.until = workload.now();
        // A node that starts now finds a cluster of which a third is away.
        await service.killAndStart(1);
        await until(async () => (await replica.admin.info('replication')).includes('role:master'));
        await master.start();
      } },
    ] });
    await expectRight('Redis Cluster', workload, async ({ operations }) => {
      const isInDanger = ({ began, ended }: Operation): boolean => ended > danger.from && began <= danger.until;
      const atRisk = new Set<string>();
      for (const customerId of new Set(operations.map((operation) => operation.customerId))) {
        if (Number(await master.admin.call('cluster', 'keyslot', valueKey('nbo', customerId))) < firstSlotOfOthers) atRisk.add(customerId);
      }
      return { entries: (operation) => isInDanger(operation) && atRisk.has(operation.customerId), counts: isInDanger };
    });
  } finally {
    await nodes?.stop();
    nodes = undefined;
    await cluster.stop();
  }
}, patienceMs);

/** Of the slots, the first master has a third. */
const firstSlotOfOthers = Math.ceil(16_384 / 3);

function offsetIn(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)![1]);
}
