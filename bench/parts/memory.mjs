import { join } from 'node:path';
import { held } from '../frame/goals.mjs';
import { slope } from '../frame/statistics.mjs';
import { withVariants } from '../frame/variant-process.mjs';

const shape = { bands: 5, rules: 19, trees: 200, contacts: 20, customers: 1_000, offers: 100 };
const samples = 20;
const counts = {
  full: { offers: [100, 1_000, 10_000], decisions: 1_000_000, reloads: 1_000 },
  quick: { offers: [100, 1_000], decisions: 40_000, reloads: 100 },
  miniature: { offers: [10, 20], decisions: 20, reloads: 4 },
};

/** What the service holds after loading, and whether it grows with what it has done. One round: it counts bytes, not time. */
export async function run({ folder, size }) {
  const { offers, decisions, reloads } = counts[size];
  const now = Date.now();
  const open = (name, more, use) => withVariants([{
    name, file: 'variants/long-run.mjs', nodeArguments: ['--expose-gc'],
    options: { folder: join(folder, name), now, shape: { ...shape, ...(size === 'miniature' && { customers: 20, trees: 0 }), ...more } },
  }], ([variant]) => use(variant));

  const loaded = [];
  for (const count of offers) loaded.push({ count, ...await open(`offers-${count}`, { offers: count }, (variant) => variant.ask('afterLoad')) });
  const long = { decisions: await open('decisions', {}, (variant) => watch(variant, 'decisions', decisions)), reloads: await open('reloads', {}, (variant) => watch(variant, 'reloads', reloads)) };

  const perThousand = (figure) => slope(loaded.map(({ count, after }) => [count / 1_000, after[figure]]));
  const rows = Object.entries(long).map(([what, points]) => [`${points.at(-1).done.toLocaleString('en-US')} ${what}`, ...['heapMb', 'residentMb'].flatMap((figure) => [points[0][figure], points.at(-1)[figure], growth(points, figure)])]);
  return {
    tables: [
      { caption: 'After loading, and one decision', columns: ['offers', 'heap MB', 'resident MB'], rows: [...loaded.map(({ count, after }) => [count.toLocaleString('en-US'), after.heapMb, after.residentMb]), ['each 1,000 more', perThousand('heapMb'), perThousand('residentMb')]] },
      { caption: 'Over a long run, each after a garbage collection; growth by the slope over the second half, times the whole', columns: ['', 'heap MB, first', 'last', 'growth', 'resident MB, first', 'last', 'growth'], rows },
    ],
    goals: [held('memory decisions', growth(long.decisions, 'heapMb')), held('memory reloads', growth(long.reloads, 'heapMb'))],
    notes: ['Before the engine is open, Node and the libraries alone hold ' + `${Math.round(loaded[0].before.residentMb)} MB resident.`, 'The goals are held against the heap; resident memory also has what the allocators keep, and the pages of the store that the system may take back.'],
    data: { loaded, ...long },
  };
}

async function watch(variant, method, count) {
  const each = Math.max(1, Math.round(count / samples));
  const points = [];
  for (let done = each; done <= count; done += each) points.push({ done, ...await variant.ask(method, each) });
  return points;
}

/** The first half is warm-up: code is compiled, pools and caches fill. */
function growth(points, figure) {
  const settled = points.slice(points.length >> 1);
  return slope(settled.map((point) => [point.done, point[figure]])) * points.at(-1).done;
}
