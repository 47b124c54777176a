import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadCatalogFolder } from '../../src/catalog/load-catalog-folder.js';
import { formatProblem } from '../../src/catalog/problem.js';
import { readCatalogFolder } from '../../src/catalog/read-catalog-folder.js';
import { dependencies, filesWith, load, smallFiles } from './small-catalog.js';
import { fill, temporaryFolder } from './temporary-folder.js';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  place = await temporaryFolder(filesWith());
});
afterEach(() => place.remove());

const read = async (): Promise<{ paths: string[]; lines: string[] }> => {
  const { files, problems } = await readCatalogFolder(place.folder);
  return { paths: [...files.keys()].sort(), lines: problems.map(formatProblem) };
};
const allPaths = Object.keys(smallFiles).sort();

test('a folder gives the same catalog as its files', async () => {
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  const direct = await load(filesWith());
  expect(result.ok && direct.ok && result.summary).toEqual(direct.ok && direct.summary);
});

test('what belongs to no catalog is not read', async () => {
  await fill(place.folder, new Map([['README.md', 'x'], ['node_modules/offers/x.yaml', 'x'], ['offers/.git/x.yaml', 'x'], ['offers/README.md', 'x'], ['rules/._x.yaml', 'x'], ['rules/.x.yaml.swp', 'x'], ['rules/.x.yaml/x.yaml', 'x'], ['models/accept/training.YAML', 'x'], ['docs/x.yaml', 'x'], ['models/dvc.yaml', 'stages:\n  train:\n    cmd: train\n    outs: [model.onnx]\n'], ['openapi.yaml', 'x'], ['package.json', 'x'], ['src/x.yaml', 'x'], ['offer-texts/x.txt', 'x'], ['models/accept/training.csv', 'x'], ['models/lonely/model.onnx', 'x']]));
  expect(await read()).toEqual({ paths: allPaths, lines: [] });
});

test('folders below are read, and .yml', async () => {
  await fill(place.folder, new Map([['offers/a/b/c.yml', 'x'], ['models/other/model.yml', 'file: weights.bin'], ['models/other/weights.bin', 'x']]));
  expect((await read()).paths).toEqual([...allPaths, 'offers/a/b/c.yml', 'models/other/model.yml', 'models/other/weights.bin'].sort());
});

test('links are followed within the folder, as in a mounted ConfigMap', async () => {
  await mkdir(join(place.folder, '..2026_11_23'));
  await rename(join(place.folder, 'offers'), join(place.folder, '..2026_11_23', 'offers'));
  await symlink('..2026_11_23', join(place.folder, '..data'));
  await symlink('..data/offers', join(place.folder, 'offers'));
  expect(await read()).toEqual({ paths: allPaths, lines: [] });
});

test('links out of the folder are refused', async () => {
  await writeFile(join(place.base, 'secret.yaml'), 'secret');
  await mkdir(join(place.base, 'elsewhere'));
  await symlink(join(place.base, 'secret.yaml'), join(place.folder, 'rules', 'secret.yaml'));
  await symlink('../../../elsewhere', join(place.folder, 'rules', 'deep'));
  await symlink(join(place.base, 'nothing'), join(place.folder, 'rules', 'nowhere.yaml'));
  const { paths, lines } = await read();
  expect(paths).toEqual(allPaths);
  expect(lines).toContain('rules/secret.yaml:1:1 / is a link that leads out of the catalog folder: it is not followed');
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok).toBe(false);
});

test('a link in a circle comes to an end', async () => {
  await symlink('..', join(place.folder, 'rules', 'again'));
  const { lines } = await read();
  expect(lines.some((line) => line.includes('does a link lead in a circle?'))).toBe(true);
});

test('a model file that the manifest puts elsewhere is not read', async () => {
  await writeFile(join(place.base, 'other.onnx'), 'x');
  await place.write('models/accept/model.yaml', smallFiles['models/accept/model.yaml']!.replace('file: model.onnx', 'file: ../../../other.onnx'));
  const { result, files } = await loadCatalogFolder(place.folder, dependencies);
  expect([...files.keys()].filter((path) => path.includes('other'))).toEqual([]);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual(['models/accept/model.yaml:2:7 /file must be a file beside model.yaml, not "../../../other.onnx"']);
});

test('a file that is larger than allowed is a problem, not a catalog without it', async () => {
  await place.write('rules/more.yaml', `# ${'x'.repeat(1_500_000)}\n`);
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual(['rules/more.yaml:1:1 / is too large: a YAML file has at most 1000000 bytes']);
});

test.each<[string, string]>([
  ['rules2/x.yaml', 'rules2/:1:1 / warning: is not read: did you mean rules/?'],
  ['_offers/x.yml', '_offers/:1:1 / warning: is not read: did you mean offers/?'],
  ['strategic/x.yml', 'strategic/:1:1 / warning: is not read: did you mean strategies/?'],
  ['roles/x.yml', 'roles/:1:1 / warning: is not read: did you mean rules/?'],
  ['mule/x.yml', 'mule/:1:1 / warning: is not read: did you mean rules/?'],
  ['ruler/x.yml', 'ruler/:1:1 / warning: is not read: did you mean rules/?'],
  ['orders/x.yml', 'orders/:1:1 / warning: is not read: did you mean offers/?'],
  ['myrules.yaml', 'myrules.yaml:1:1 / warning: is not read: rules are in files in the folder rules/'],
  ['strategy.yml', 'strategy.yml:1:1 / warning: is not read: strategies are in files in the folder strategies/'],
  ['rules/x.json', 'rules/x.json:1:1 / warning: is not read: the name of a file here ends in .yaml'],
  ['offers/below/x', 'offers/below/x:1:1 / warning: is not read: the name of a file here ends in .yaml'],
  ['rules/.x.yaml', 'rules/.x.yaml:1:1 / warning: is not read: its name begins with a dot'],
  ['strategies/x.yaml.bak', 'strategies/x.yaml.bak:1:1 / warning: is not read: the name of a file here ends in .yaml'],
  ['triggers/below/x.yaml.txt', 'triggers/below/x.yaml.txt:1:1 / warning: is not read: the name of a file here ends in .yaml'],
])('%s is not read, which is a warning', async (path, line) => {
  await fill(place.folder, new Map([[path, 'x']]));
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok && result.warnings.map(formatProblem)).toEqual([line]);
});

test('a manifest in models/ itself is not read, which is a warning', async () => {
  await place.write('models/Other.yml', smallFiles['models/accept/model.yaml']!);
  expect((await read()).lines).toEqual(['models/Other.yml:1:1 / warning: is not read: each model has a folder of its own, with a file model.yaml (models/other/model.yaml)']);
});

test.each<[string, string]>([
  ['rules/x.YAML', 'x.yaml'],
  ['offers/below/X.Yml', 'X.yml'],
  ['strategies/x.Yaml', 'x.yaml'],
  ['triggers/events.YML', 'events.yml'],
  ['models/other/Model.yaml', 'model.yaml'],
])('%s is not read for the case of its letters, which is an error', async (path, right) => {
  await fill(place.folder, new Map([[path, 'x']]));
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([`${path}:1:1 / is not read: the name of a file here ends in .yaml or .yml, in small letters; rename it to ${right}. If it is no part of the catalog, give it another ending`]);
});

test('the error stands also behind more warnings than are told', async () => {
  await fill(place.folder, new Map([...Array.from({ length: 120 }, (_, index): [string, string] => [`rules/${index}.txt`, 'x']), ['rules/x.YAML', 'x']]));
  const { lines } = await read();
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toMatch(/^rules\/x\.YAML:1:1 \/ is not read/);
});

test.each<[string, string]>([
  ['rule/x.yaml', 'rules'],
  ['Rules/x.yaml', 'rules'],
  ['RULE/x.yaml', 'rules'],
  ['ruels/x.YAML', 'rules'],
  ['offer/x.yml', 'offers'],
  ['ofers/x.yml', 'offers'],
  ['strategy/x.yaml', 'strategies'],
  ['strategys/x.yaml', 'strategies'],
  ['Trigger/events.yaml', 'triggers'],
])('%s was meant for %s/: without it the catalog does not go live', async (path, meant) => {
  await fill(place.folder, new Map([[path, 'x']]));
  const folder = path.split('/')[0]!;
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([`${folder}/:1:1 / is not read: the folder of ${meant} is ${meant}/; rename it, or move what it holds there. If it is no part of the catalog, give it another name`]);
});

test.each(['Models', 'MODELS', 'model', 'modells', 'Model'])('%s/ was meant for models/ where a model lies in it, and there is none', async (folder) => {
  await rename(join(place.folder, 'models'), join(place.folder, 'elsewhere'));
  await fill(place.folder, new Map([[`${folder}/other/model.yml`, 'x']]));
  expect((await read()).lines).toEqual([`${folder}/:1:1 / is not read: the folder of models is models/; rename it, or move what it holds there. If it is no part of the catalog, give it another name`]);
});

test('beside models/ a folder of such a name may be another matter', async () => {
  await fill(place.folder, new Map([['model/other/model.yaml', 'x']]));
  expect((await read()).lines).toEqual(['model/:1:1 / warning: is not read: did you mean models/?']);
});

test.each<[from: string, to: string, said: readonly RegExp[]]>([
  ['offers', 'Offers', [/^Offers\/:1:1 /, /^offers\/:1:1 \/ no offer at all/]],
  ['triggers', 'trigger', [/^trigger\/:1:1 /]],
  ['models', 'Models', [/^Models\/:1:1 /]],
])('of what refers to %s, which is %s, nothing is said', async (from, to, said) => {
  await rename(join(place.folder, from), join(place.folder, to));
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual(said.map((line) => expect.stringMatching(line) as unknown));
});

test('a folder called nearly as that of the models is somebody\'s project where no model lies in it', async () => {
  await fill(place.folder, new Map([['model/train.yaml', 'x'], ['Models/accept/training.yaml', 'x'], ['model/a/b/model.yaml', 'x'], ['modules/accept/model.yaml', 'x']]));
  expect(await read()).toEqual({ paths: allPaths, lines: [] });
});

test.each(['Schema.yaml', 'schema.YAML', 'shema.yaml', 'schemas.yml', 'schema.json'])('%s in place of schema.yaml', async (name) => {
  await rename(join(place.folder, 'schema.yaml'), join(place.folder, name));
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
    `${name}:1:1 / is not read: what is known of customers, contexts and offers is in schema.yaml; rename it`,
    'schema.yaml:1:1 / is missing: it says what is known of a customer, a context and an offer',
  ].sort());
});

test('events beside the folder of triggers', async () => {
  await rename(join(place.folder, 'triggers', 'events.yaml'), join(place.folder, 'events.yaml'));
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
    'events.yaml:1:1 / warning: is not read: events are declared in triggers/events.yaml',
    'triggers/triggers.yaml:3:16 /0/on/event there is no event "weather.warning"',
    expect.stringContaining('there is no event "purchase"'),
  ]);
});

test('a schema and events of another program, beside those of the catalog', async () => {
  await fill(place.folder, new Map([['schema.json', 'x'], ['schemas.yaml', 'x'], ['events.yml', 'x']]));
  expect(await read()).toEqual({ paths: allPaths, lines: [] });
});

test('a folder of that name that holds no YAML, or a program whose settings lie deeper, is somebody\'s project', async () => {
  await fill(place.folder, new Map([['rule/engine.ts', 'x'], ['offer/src/main/application.yaml', 'x'], ['test/x.yaml', 'x'], ['data/x.yaml', 'x'], ['training/x.yaml', 'x'], ['bruises/x.yaml', 'x']]));
  expect(await read()).toEqual({ paths: allPaths, lines: [] });
});

test('all rules in folders below one of the wrong name', async () => {
  await rename(join(place.folder, 'rules'), join(place.folder, 'bank'));
  await mkdir(join(place.folder, 'rule'));
  await rename(join(place.folder, 'bank'), join(place.folder, 'rule', 'bank'));
  expect((await read()).lines).toEqual([expect.stringMatching(/^rule\/:1:1 \/ is not read: the folder of rules is rules\/;/)]);
});

test('a rule file that holds only comments, and none other, is two warnings', async () => {
  await place.write('rules/rules.yaml', '# - id: consent\n');
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok && result.summary.rules).toBe(0);
  expect(result.ok && result.warnings.map(formatProblem)).toEqual([
    'rules/:1:1 / warning: no rule at all: every offer may be made to everybody in each channel that it has a treatment for, as often as is asked, and no consent is asked for. Rules are in files as rules/rules.yaml',
    'rules/rules.yaml:1:1 / warning: holds no rule: it is empty, or has only comments',
  ]);
});

test.each(['', '# later\n', '---\n'])('a file that holds nothing is a warning: %j', async (text) => {
  await fill(place.folder, new Map([['triggers/more.yaml', text], ['strategies/more.yml', text]]));
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok && result.warnings.map(formatProblem)).toEqual([
    'strategies/more.yml:1:1 / warning: holds no strategy: it is empty, or has only comments',
    'triggers/more.yaml:1:1 / warning: holds no trigger: it is empty, or has only comments',
  ]);
});

test('of rules that cannot be read it is not said that there are none', async () => {
  await place.write('rules/rules.yaml', '- id: [\n');
  const { result } = await loadCatalogFolder(place.folder, dependencies);
  expect(result.ok ? [] : result.problems.map(({ file }) => file)).not.toContain('rules/');
});

test('a folder that is not there is said, and nothing else', async () => {
  const folder = join(place.base, 'nothing');
  const { result } = await loadCatalogFolder(folder, dependencies);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([`.:1:1 / there is no folder ${folder}: a catalog is a folder that holds schema.yaml (NBO_CATALOG)`]);
});

test('a file that may not be read is a problem', async () => {
  await chmod(join(place.folder, 'rules', 'rules.yaml'), 0);
  const { lines } = await read();
  // The superuser may read everything.
  expect(lines).toEqual(process.getuid?.() === 0 ? [] : ['rules/rules.yaml:1:1 / cannot be read (EACCES)']);
});
