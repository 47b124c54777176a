import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, transpileSources, type RunnableSources } from './support/run-typescript.js';

/** The service in two processes, started as a user starts it. */
describe('two workers on one port and one store', () => {
  let sources: RunnableSources;
  let folder: string;
  let main: ChildProcess;
  let catalog: string;
  let url: string;
  const log: string[] = [];
  const environment = (): NodeJS.ProcessEnv => ({ ...process.env, PORT: '0', NBO_CATALOG: catalog, NBO_STORE: join(folder, 'store'), NBO_WORKERS: '2', LOG_LEVEL: 'error' });
  const workersOf = ({ pid }: ChildProcess): number[] => execFileSync('pgrep', ['-P', String(pid), '-f', 'worker'], { encoding: 'utf8' }).trim().split('\n').map(Number);

  beforeAll(async () => {
    sources = await transpileSources();
    folder = await mkdtemp(join(tmpdir(), 'nbo-workers-'));
    catalog = join(folder, 'catalog');
    for (const name of ['schema.yaml', 'strategies', 'offers', 'rules', 'triggers', 'models']) await cp(join(import.meta.dirname, '..', name), join(catalog, name), { recursive: true });
    main = sources.fork('src/main.ts', [], { env: environment() });
    main.stderr!.on('data', (chunk: Buffer) => log.push(String(chunk)));
    url = await new Promise((resolve, reject) => {
      main.stdout!.on('data', (chunk: Buffer) => resolve(/http:\S+/.exec(String(chunk))![0]));
      main.once('exit', () => reject(new Error(log.join(''))));
    });
  });
  afterAll(async () => {
    main.kill('SIGKILL');
    await sources.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** Without keep-alive, so that each call may reach another worker. A connection that a worker was handed as it died is never answered: its caller gives up. */
  const get = (path: string): Promise<string> => fetch(url + path, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(3_000) }).then((response) => response.text());
  const metric = (text: string, line: string): number => Number(new RegExp(`^${line.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);

  test('one scrape has the metrics of both', async () => {
    for (let i = 0; i < 20; i++) await get('/livez');
    const text = await get('/metrics');
    expect(metric(text, 'nbo_http_request_seconds_count{route="/livez",method="GET",status="200"}')).toBe(20);
    expect(metric(text, 'nbo_catalog_loads_total{result="loaded"}')).toBe(2);
    expect(metric(text, 'nbo_catalog_offers')).toBe(34);
    // Both read the same store: no sum.
    expect(metric(text, 'nbo_limit_max{offer="mortgage",outcome="accepted",per="month"}')).toBe(900);
  });

  test('a write by one is seen by the other, at once', async () => {
    const headers = { Connection: 'close', 'Content-Type': 'application/json' };
    for (let age = 18; age < 38; age++) {
      await fetch(`${url}/v1/customers/w`, { method: 'PUT', headers, body: JSON.stringify({ attributes: { age } }) });
      expect(JSON.parse(await get('/v1/customers/w'))).toMatchObject({ attributes: { age } });
    }
  });

  test('a worker that dies is replaced, and the service answers all the while', async () => {
    const victims = workersOf(main);
    expect(victims).toHaveLength(2);
    process.kill(victims[0]!, 'SIGKILL');
    while (!log.join('').includes('A worker ended')) expect(await get('/livez').catch(() => 'ok\n')).toBe('ok\n');
    while (metric(await get('/metrics').catch(() => ''), 'nbo_catalog_loads_total{result="loaded"}') < 2);
    expect(await get('/livez')).toBe('ok\n');
  });

  test('where all die at once, others serve at the same address, also where any free port was asked for', async () => {
    for (const victim of workersOf(main)) process.kill(victim, 'SIGKILL');
    await expect(get('/livez')).rejects.toThrow();
    while (await get('/livez').catch(() => '') !== 'ok\n') await new Promise((resolve) => setImmediate(resolve));
    while (metric(await get('/metrics').catch(() => ''), 'nbo_catalog_loads_total{result="loaded"}') < 2);
    expect(workersOf(main)).toHaveLength(2);
  });

  test('a broken catalog keeps new workers from starting, the others serve, and it goes on by itself once mended', async () => {
    await writeFile(join(catalog, 'rules', 'broken.yaml'), '- { id: broken, kind: business, require: customer.agee > 1 }\n');
    process.kill(workersOf(main)[0]!, 'SIGKILL');
    while (!log.join('').includes('A new worker does not start')) expect(await get('/livez').catch(() => 'ok\n')).toBe('ok\n');
    expect(log.join('')).toContain('rules/broken.yaml:1:');
    await rm(join(catalog, 'rules', 'broken.yaml'));
    // The one that went on may have loaded twice: the broken catalog was refused, and the mended one taken.
    while (workersOf(main).length < 2 || metric(await get('/metrics').catch(() => ''), 'nbo_catalog_loads_total{result="loaded"}') < 2);
    expect(await get('/livez')).toBe('ok\n');
  });

  test('where no worker can start, the service says why and ends', async () => {
    await writeFile(join(catalog, 'rules', 'broken.yaml'), '- { id: broken, kind: business, require: customer.agee > 1 }\n');
    const second = sources.fork('src/main.ts', [], { env: environment() });
    const errors: string[] = [];
    second.stderr!.on('data', (chunk: Buffer) => errors.push(String(chunk)));
    expect(await ended(second)).toBe(1);
    expect(errors.join('')).toContain('did you mean customer.age?');
    await rm(join(catalog, 'rules', 'broken.yaml'));
  });

  test('workers whose primary is killed end, too', async () => {
    const second = sources.fork('src/main.ts', [], { env: environment() });
    await new Promise((resolve) => second.stdout!.once('data', resolve));
    const workers = workersOf(second);
    second.kill('SIGKILL');
    await ended(second);
    const isThere = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (workers.some(isThere)) await new Promise((resolve) => setImmediate(resolve));
    expect(workers).toHaveLength(2);
  });

  test('so does one that starts in that moment', async () => {
    // A Redis that takes connections and says nothing keeps the worker from listening, and from having nothing to do.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const second = sources.fork('src/main.ts', [], { env: { ...environment(), NBO_STORE: `redis://127.0.0.1:${(silent.address() as AddressInfo).port}` } });
    await once(silent, 'connection');
    const allEnded = once(second, 'close');       // of what it says, which its workers share
    for (const stream of [second.stdout!, second.stderr!]) stream.resume();
    second.kill('SIGKILL');
    await allEnded;
    silent.close();
  });

  test('one that is asked to end while its second worker starts ends as any other', async () => {
    const starting = sources.fork('src/main.ts', [], { env: { ...environment(), LOG_LEVEL: 'info', NBO_CATALGO: catalog } });
    const said: string[] = [];
    const logged: string[] = [];
    starting.stderr!.setEncoding('utf8').on('data', (text: string) => logged.push(text));
    for (const stream of [starting.stdout!, starting.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
    // The first that listens says so in the log; what main.ts says comes after the last.
    await new Promise<void>((resolve) => {
      const look = (): void => { if (said.join('').includes('"Listening"')) resolve(); };
      for (const stream of [starting.stdout!, starting.stderr!]) stream.on('data', look);
    });
    const allSaid = once(starting.stderr!, 'end');
    starting.kill('SIGTERM');
    expect(await ended(starting)).toBe(0);
    await allSaid;
    expect(said.join('')).not.toMatch(/^ {4}at /m);
    const lines = logged.join('').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { msg: string; worker?: number });
    const of = (text: string): object[] => lines.filter(({ msg }) => msg === text);
    expect(of('Starting workers')).toEqual([expect.objectContaining({ workers: 2 })]);
    for (const text of ['Catalog live', 'Listening']) expect(of(text)[0]).toMatchObject({ worker: 1 });
    expect(lines.filter(({ worker }) => worker === undefined).map(({ msg }) => msg)).toEqual([expect.stringContaining('NBO_CATALGO'), 'Starting workers', 'Ending', 'Ended']);
    expect(of('Ending')).toEqual([expect.objectContaining({ signal: 'SIGTERM' })]);
    expect(of('NBO_CATALGO is no setting, and does nothing; did you mean NBO_CATALOG?')).toHaveLength(1);
  });

  test('it ends when it is asked to', async () => {
    main.kill('SIGTERM');
    expect(await ended(main)).toBe(0);
    await expect(get('/livez')).rejects.toThrow();
  });
});
