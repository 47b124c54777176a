import { readFile } from 'node:fs/promises';
import { createMetrics } from '../../src/telemetry/metrics.js';

test('each metric of ours is in the operator\'s guide, and the guide names no other', async () => {
  const names = createMetrics().registry.getMetricsAsArray().map(({ name }) => name).filter((name) => name.startsWith('nbo_'));
  const guide = await readFile(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  const named = new Set(guide.match(/\bnbo_[a-z_]+\b/g));
  expect([...named].sort()).toEqual([...names].sort());
});

test('a scrape looks how the store is, and tells what it found', async () => {
  const metrics = createMetrics();
  metrics.storeChanged(true);
  const up = async (): Promise<string | undefined> => /^nbo_store_up (\d)$/m.exec(await metrics.source.metrics())?.[1];
  expect(await up()).toBe('1');
  metrics.lookAtStore(() => metrics.storeChanged(false));
  expect(await up()).toBe('0');
});
