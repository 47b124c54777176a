import { readFile } from 'node:fs/promises';
import { createMetrics } from '../../src/telemetry/metrics.js';

test('each metric of ours is in the operator\'s guide, and the guide names no other', async () => {
  const names = createMetrics().registry.getMetricsAsArray().map(({ name }) => name).filter((name) => name.startsWith('nbo_'));
  const guide = await readFile(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  const named = new Set(guide.match(/\bnbo_[a-z_]+\b/g));
  expect([...named].sort()).toEqual([...names].sort());
});
