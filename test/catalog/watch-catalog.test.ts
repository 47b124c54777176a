import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLiveCatalog, type GoodLoad, type LiveCatalog } from '../../src/catalog/live-catalog.js';
import { loadCatalogFolder } from '../../src/catalog/load-catalog-folder.js';
import { watchCatalog } from '../../src/catalog/watch-catalog.js';
import { dependencies, filesWith, smallFiles } from './small-catalog.js';
import { fill, temporaryFolder } from './temporary-folder.js';

interface Watched {
  readonly base: string;
  readonly folder: string;
  readonly write: (path: string, text: string) => Promise<void>;
  readonly live: LiveCatalog;
  /** Resolves when the live catalog is so; asked after every change of it. */
  readonly until: (holds: (live: LiveCatalog) => boolean) => Promise<void>;
}

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.reverse()) await clean();
  cleanUp = [];
});

async function watched(options: { readonly linked?: boolean } = {}): Promise<Watched> {
  const place = await temporaryFolder(filesWith());
  cleanUp.push(() => place.remove());
  const { folder } = place;
  if (options.linked === true) {
    await rename(folder, join(place.base, 'release-1'));
    await symlink('release-1', folder);
  }
  const load = (): ReturnType<typeof loadCatalogFolder> => loadCatalogFolder(folder, dependencies);
  const first = await load();
  if (!first.result.ok) throw new Error('the small catalog does not load');
  const live = createLiveCatalog(first as GoodLoad, 0);
  let loads = 0;
  const watch = watchCatalog({ folder, load, quietMs: 20, lookMs: 20, onLoad: (result) => live.take(result, loads += 1) });
  cleanUp.push(() => watch.close());
  await watch.ready;
  const until = (holds: (live: LiveCatalog) => boolean): Promise<void> => new Promise((done) => {
    const look = (): boolean => {
      if (!holds(live)) return false;
      unsubscribe();
      done();
      return true;
    };
    const unsubscribe = live.subscribe(look);
    look();
  });
  return { base: place.base, folder, write: place.write, live, until };
}

const named = (name: string): string => smallFiles['offers/card.yaml']!.replace('name: Card', `name: ${name}`);
const cardIs = (name: string) => (live: LiveCatalog): boolean => live.current().offersById.get('card')?.name === name;

describe('what changes in the folder becomes live', () => {
  test.each<[string, (place: Watched) => Promise<void>]>([
    ['a file is written', ({ write }) => write('offers/card.yaml', named('Kort'))],
    ['a file is replaced, as editors save', async ({ folder, write }) => {
      await write('offers/card.yaml.swp', named('Kort'));
      await rename(join(folder, 'offers/card.yaml.swp'), join(folder, 'offers/card.yaml'));
    }],
    ['a file is removed, and comes again', async ({ folder, write, until }) => {
      await unlink(join(folder, 'offers/card.yaml'));
      await until((live) => live.refused() !== null);
      await write('offers/card.yaml', named('Kort'));
    }],
    ['a folder is replaced', async ({ base, folder }) => {
      await fill(join(base, 'next'), filesWith({ 'offers/card.yaml': named('Kort') }));
      await rm(join(folder, 'offers'), { recursive: true });
      await rename(join(base, 'next/offers'), join(folder, 'offers'));
    }],
    ['the whole folder is replaced', async ({ base, folder }) => {
      await fill(join(base, 'next'), filesWith({ 'offers/card.yaml': named('Kort') }));
      await rename(folder, join(base, 'old'));
      await rename(join(base, 'next'), folder);
    }],
    ['the whole folder goes away and comes again', async ({ folder, until }) => {
      await rm(folder, { recursive: true });
      await until((live) => live.refused() !== null);
      await fill(folder, filesWith({ 'offers/card.yaml': named('Kort') }));
    }],
    ['many files change, as by a checkout', async ({ write }) => {
      for (let index = 0; index < 20; index += 1) await write(`offers/new-${index}.yaml`, `{ id: new-${index}, kind: service, value: { margin: 1 }, propensity: 0.1 }\n`);
      await write('offers/card.yaml', named('Kort'));
    }],
  ])('%s', async (_name, change) => {
    const place = await watched();
    await change(place);
    await place.until(cardIs('Kort'));
    expect(place.live.refused()).toBeNull();
    // And it still watches.
    await place.write('offers/card.yaml', named('Karte'));
    await place.until(cardIs('Karte'));
  });

  test('a file was written between the first load and the watch', async () => {
    const place = await temporaryFolder(filesWith());
    cleanUp.push(() => place.remove());
    const load = (): ReturnType<typeof loadCatalogFolder> => loadCatalogFolder(place.folder, dependencies);
    const live = createLiveCatalog((await load()) as GoodLoad, 0);
    await place.write('offers/card.yaml', named('Kort'));
    const swapped = new Promise<void>((done) => void live.subscribe(done));
    // Files' times are the system's: the beginning of time is before all of them.
    const watch = watchCatalog({ folder: place.folder, load, readAt: 0, quietMs: 20, lookMs: 20, onLoad: (result) => live.take(result, 1) });
    cleanUp.push(() => watch.close());
    await swapped;
    expect(live.current().offersById.get('card')!.name).toBe('Kort');
  });

  test('a link to the folder leads to another', async () => {
    const place = await watched({ linked: true });
    await fill(join(place.base, 'release-2'), filesWith({ 'offers/card.yaml': named('Kort') }));
    await symlink('release-2', join(place.base, 'next'));
    await rename(join(place.base, 'next'), place.folder);
    await place.until(cardIs('Kort'));
    await place.write('offers/card.yaml', named('Karte'));
    await place.until(cardIs('Karte'));
  });

  test('a ConfigMap is updated', async () => {
    const place = await watched();
    await mkdir(join(place.folder, '..1'));
    await rename(join(place.folder, 'offers'), join(place.folder, '..1/offers'));
    await symlink('..1', join(place.folder, '..data'));
    await symlink('..data/offers', join(place.folder, 'offers'));
    await writeFile(join(place.folder, 'offers/card.yaml'), named('Kort'));
    await place.until(cardIs('Kort'));
    await fill(join(place.folder, '..2/offers'), new Map([['card.yaml', named('Karte')], ['insurance.yaml', smallFiles['offers/insurance.yaml']!]]));
    await symlink('..2', join(place.folder, '..next'));
    await rename(join(place.folder, '..next'), join(place.folder, '..data'));
    await rm(join(place.folder, '..1'), { recursive: true });
    await place.until(cardIs('Karte'));
  });
});

describe('a bad change', () => {
  test('is refused, and what was live stays, until it is good again', async () => {
    const place = await watched();
    const before = place.live.current();
    await place.write('offers/card.yaml', named('Kort').replace('kind: cross-sell', 'kind: cross-sel'));
    await place.until((live) => live.refused() !== null);
    expect(place.live.current()).toBe(before);
    expect(place.live.refused()!.problems.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
      'offers/card.yaml:3 must be one of cross-sell, up-sell, loyalty, retention, service, onboarding, win-back, not "cross-sel"; did you mean cross-sell?',
    ]);
    await place.write('offers/card.yaml', named('Kort'));
    await place.until(cardIs('Kort'));
    expect(place.live.refused()).toBeNull();
    expect(place.live.loadedAt()).toBeGreaterThan(0);
  });

  test('that is taken back leaves the very same catalog live', async () => {
    const place = await watched();
    const before = place.live.current();
    await place.write('offers/card.yaml', '[');
    await place.until((live) => live.refused() !== null);
    await place.write('offers/card.yaml', smallFiles['offers/card.yaml']!);
    await place.until((live) => live.refused() === null);
    expect(place.live.current()).toBe(before);
    expect(place.live.loadedAt()).toBe(0);
  });

  test('a folder of the wrong name is taken away again, and nothing else changes', async () => {
    const { folder, write, live, until } = await watched();
    await write('rule/more.yaml', '[]');
    await until(() => live.refused() !== null);
    expect(live.refused()!.problems.map(({ file }) => file)).toEqual(['rule/']);
    await rm(join(folder, 'rule'), { recursive: true });
    await until(() => live.refused() === null);
  });

  test('a load that fails altogether is a refusal, too', async () => {
    const place = await temporaryFolder(filesWith());
    cleanUp.push(() => place.remove());
    let refuse: (messages: string[]) => void;
    const refused = new Promise<string[]>((done) => {
      refuse = done;
    });
    const watch = watchCatalog({
      folder: place.folder, quietMs: 20,
      load: () => Promise.reject(new Error('too many open files')),
      onLoad: ({ result }) => refuse(result.ok ? [] : result.problems.map(({ message }) => message)),
    });
    cleanUp.push(() => watch.close());
    await watch.ready;
    await place.write('offers/card.yaml', named('Kort'));
    expect(await refused).toEqual(['the catalog could not be loaded: too many open files']);
  });
});
