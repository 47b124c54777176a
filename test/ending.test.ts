import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, transpileSources } from './support/run-typescript.js';

test('the log says by which signal the service ends, and with how many answers under way', async () => {
  const sources = await transpileSources();
  const folder = await mkdtemp(join(tmpdir(), 'nbo-ending-'));
  try {
    const child = sources.fork('src/main.ts', [], { env: { ...process.env, PORT: '0', NBO_CATALOG: join(import.meta.dirname, '..'), NBO_STORE: join(folder, 'store'), LOG_LEVEL: 'info' } });
    const said: string[] = [];
    child.stderr!.setEncoding('utf8').on('data', (text: string) => said.push(text));
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    const allSaid = once(child.stderr!, 'end');
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
    await allSaid;
    const lines = said.join('').trim().split('\n').map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(lines.slice(-2)).toMatchObject([{ level: 'info', msg: 'Ending', signal: 'SIGTERM', answersUnderWay: 0 }, { level: 'info', msg: 'Ended' }]);
  } finally {
    await sources.remove();
    await rm(folder, { recursive: true, force: true });
  }
});
