import { AggregatorRegistry } from 'prom-client';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.js';
import { mostLimits } from '../../src/telemetry/limit-gauges.js';
import type { LimitFigure } from '../../src/service/limit-report.js';

const figure = (offerId: string, used: number, more: Partial<LimitFigure> = {}): LimitFigure => ({ offerId, outcome: 'accepted', per: 'month', max: 500, used, reserved: 6, ...more });

/** The lines of a scrape that are about limits. */
const scrape = async (metrics: Pick<Metrics['source'], 'metrics'>): Promise<string[]> => (await metrics.metrics()).split('\n').filter((line) => line.startsWith('nbo_limit_'));

test('each scrape asks once, and tells what is used, held and allowed', async () => {
  const metrics = createMetrics();
  let used = 411;
  let questions = 0;
  metrics.showLimits(() => {
    questions++;
    return Promise.resolve([figure('home-insurance', ++used)]);
  });
  expect(await scrape(metrics.source)).toEqual([
    'nbo_limit_used{offer="home-insurance",outcome="accepted",per="month"} 412',
    'nbo_limit_reserved{offer="home-insurance",outcome="accepted",per="month"} 6',
    'nbo_limit_max{offer="home-insurance",outcome="accepted",per="month"} 500',
  ]);
  expect((await scrape(metrics.source))[0]).toMatch(/ 413$/);
  expect(questions).toBe(2);
});

test('what is not known, and what has left the catalog, is not told', async () => {
  const metrics = createMetrics();
  const answers: (readonly LimitFigure[] | null | Error)[] = [[figure('a', 1)], null, [figure('b', 1)], new Error('oops'), [figure('a', 2)]];
  metrics.showLimits(() => {
    const answer = answers.shift()!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const offers = async (): Promise<string[]> => (await scrape(metrics.source)).filter((line) => line.startsWith('nbo_limit_used')).map((line) => /offer="(\w+)"/.exec(line)![1]!);
  expect(await offers()).toEqual(['a']);
  expect(await offers()).toEqual([]);
  expect(await offers()).toEqual(['b']);
  expect(await offers()).toEqual([]);
  expect(await offers()).toEqual(['a']);
});

test('of very many limits those are told that are used up most', async () => {
  const metrics = createMetrics();
  // Half of them have twice the room, so that the share counts and not the number.
  metrics.showLimits(() => Promise.resolve(Array.from({ length: 2 * mostLimits }, (_, place) => figure(`offer-${place}`, 100, { max: place % 2 === 0 ? 500 : 1_000 }))));
  const told = (await scrape(metrics.source)).filter((line) => line.startsWith('nbo_limit_max'));
  expect(told).toHaveLength(mostLimits);
  expect(told.every((line) => line.endsWith(' 500'))).toBe(true);
});

test('what several workers tell of one store is not added up', async () => {
  const workers = [createMetrics(), createMetrics()];
  for (const [place, worker] of workers.entries()) worker.showLimits(() => Promise.resolve([figure('home-insurance', 412 - place)]));
  const all = AggregatorRegistry.aggregate(await Promise.all(workers.map(({ registry }) => registry.getMetricsAsJSON())));
  expect((await scrape(all)).map((line) => line.split(' ')[1])).toEqual(['412', '6', '500']);
});
