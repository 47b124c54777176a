import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package { readonly version?: string; readonly resolved?: string; readonly license?: string; readonly dev?: boolean; readonly optional?: boolean; readonly optionalDependencies?: Readonly<Record<string, string>> }
const read = (file: string): Record<string, Package> => (JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8')) as { packages: Record<string, Package> }).packages;

describe.each([['package-lock.json'], ['bench/package-lock.json']])('%s', (file) => {
  const packages = read(file);

  test('has every optional dependency, of other platforms too: npm ci refuses it otherwise (node .ci/complete-lock.mjs mends it)', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages)));
    expect(missing).toEqual([]);
  });

  test('names no registry: every installation uses its own', () => {
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith('http') === true).map(([path]) => path)).toEqual([]);
  });

  test('what users install has permissive licences', () => {
    const permissive = /^\(?(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0|PSF-2\.0|\(?MIT OR CC0-1\.0\)?|Apache-2\.0 AND BSD-3-Clause|BSD-2-Clause OR MIT OR Apache-2\.0)\)?$/;
    const others = Object.entries(packages).filter(([path, { dev, license, optional }]) => path !== '' && dev !== true && !(optional === true && license === undefined) && !permissive.test(license ?? 'none'));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });
});
