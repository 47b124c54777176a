import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { transpileSources, type RunnableSources } from '../support/run-typescript.js';

const bench = join(import.meta.dirname, '../../bench');

/** Each part of the bench, so small that its times mean nothing: that it runs, and finds the answers right before it times them. */
describe('the bench', () => {
  let sources: RunnableSources;
  beforeAll(async () => { sources = await transpileSources(); });
  afterAll(() => sources.remove());

  const run = (...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> => new Promise((resolve) => {
    const environment = { ...process.env, NBO_BENCH_BUILD: join(sources.folder, 'src') };
    const child = execFile(process.execPath, [join(bench, 'run.mjs'), ...args], { env: environment, maxBuffer: 64 * 2 ** 20 }, (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }));
  });

  test.each(readdirSync(join(bench, 'parts')).map((file) => file.replace('.mjs', '')))('%s runs', async (part) => {
    const { code, stdout, stderr } = await run(part, '--size', 'miniature', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [result] = JSON.parse(stdout);
    expect(result).toMatchObject({ part, size: 'miniature', rounds: 1, machine: { node: process.version } });
    expect(result.tables.length).toBeGreaterThan(0);
    for (const { columns, rows } of result.tables) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(columns.length);
    }
    for (const goal of result.goals) expect(goal).toEqual({ goal: expect.any(String), what: expect.any(String), wanted: expect.any(String), figure: expect.any(Number) });
  }, 600_000);      // some processes each: on a busy machine that takes its time

  test('a miniature is no verdict on a goal', async () => {
    const { stdout } = await run('http', '--size', 'miniature');
    expect(stdout).toMatch(/\| Express without a decision against bare node:http: requests a second \| at least 0\.88 \| +[\d.]+ \| not judged \|/);
    expect(stdout).not.toMatch(/reached/i);
  }, 600_000);

  test('says what parts there are', async () => {
    expect(await run('servce')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('There is no part servce; the parts are service,') });
    expect(await run('--rounds', 'many')).toMatchObject({ code: 2, stderr: expect.stringContaining('--rounds is "many"') });
    expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('npm run bench [-- <part> …]') });
  });
});
