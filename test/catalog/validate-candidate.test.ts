import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../src/catalog/problem.js';
import { validateCandidate } from '../../src/catalog/validate-candidate.js';
import { dependencies, filesWith, smallFiles } from './small-catalog.js';

const withoutModels = Object.fromEntries(Object.entries(smallFiles).filter(([path]) => !path.startsWith('models/')));

async function validate(files: Readonly<Record<string, string>>): Promise<{ readonly valid: boolean; readonly lines: readonly string[] }> {
  const { valid, problems } = await validateCandidate(files, filesWith(), dependencies);
  return { valid, lines: problems.map(formatProblem) };
}

describe('a candidate', () => {
  test('is checked with the live models', async () => {
    expect(await validate(withoutModels)).toEqual({ valid: true, lines: [] });
  });

  test('may bring a manifest for the live model file', async () => {
    const manifest = smallFiles['models/accept/model.yaml']!;
    expect(await validate({ ...withoutModels, 'models/accept/model.yaml': manifest })).toEqual({ valid: true, lines: [] });
    expect(await validate({ ...withoutModels, 'models/accept/model.yml': manifest.replace('customer.age', 'customer.aeg') })).toEqual({
      valid: false, lines: [expect.stringMatching(/^models\/accept\/model\.yml:7:17 .*customer\.aeg is not declared/)],
    });
  });

  test('gets every problem, those of its use of live models too', async () => {
    expect(await validate({ ...withoutModels, 'offers/card.yaml': smallFiles['offers/card.yaml']!.replace('output: years', 'output: months').replace('model: accept', 'model: refuse') })).toEqual({
      valid: false,
      lines: [
        'offers/card.yaml:5:101 /value/duration/output the model lifetime has no output "months"; there is years',
        'offers/card.yaml:6:22 /propensity/model there is no model "refuse"; there are accept, churn, lifetime; it would be declared in models/refuse/model.yaml',
      ],
    });
  });

  test('is not troubled by live models that it does not use', async () => {
    const small = {
      'schema.yaml': 'currency: EUR\ntimeZone: UTC\nchannels: [till]\n',
      'strategies/all.yaml': 'id: all\nobjective: serve\n',
      'offers/bag.yaml': 'id: bag\nname: A bag\nkind: service\nvalue: { margin: 1 }\npropensity: 0.3\n',
    };
    expect(await validate(small)).toEqual({ valid: true, lines: [] });
    const { lines } = await validate({ ...small, 'offers/bag.yaml': small['offers/bag.yaml'].replace('0.3', '{ model: accept, prior: 0.3 }') });
    expect(lines).toContainEqual(expect.stringMatching(/^models\/accept\/model\.yaml:7:17 .*customer\.age is not declared/));
  });

  test('with warnings only is valid', async () => {
    const { valid, lines } = await validate({ ...withoutModels, 'texts/card.yaml': 'id: card', 'models/accept/model.onnx': 'mine' });
    expect(valid).toBe(true);
    expect(lines).toEqual([
      'models/accept/model.onnx:1:1 / warning: cannot come with a candidate: the live model is used',
      'texts/card.yaml:1:1 / warning: is no file of a catalog (schema.yaml, strategies/, offers/, rules/, triggers/, models/<id>/model.yaml): it is passed over',
    ]);
  });

  test('with a folder of nearly the right name is not valid, as it would not go live', async () => {
    const { valid, lines } = await validate({ ...withoutModels, 'rule/card.yaml': 'x', 'rule/consent.yaml': 'x', 'rule/bank/notes.yaml': 'x' });
    expect(valid).toBe(false);
    expect(lines).toEqual([
      'rule/:1:1 / is not read: the folder of rules is rules/; rename it, or move what it holds there. If it is no part of the catalog, give it another name',
      'rule/bank/notes.yaml:1:1 / warning: is no file of a catalog (schema.yaml, strategies/, offers/, rules/, triggers/, models/<id>/model.yaml): it is passed over',
    ]);
  });

  test('with all its rules in folders below one of nearly the right name is not valid', async () => {
    const rules = Object.entries(withoutModels).filter(([path]) => path.startsWith('rules/'));
    expect(rules.length).toBeGreaterThan(0);
    const without = Object.fromEntries(Object.entries(withoutModels).filter(([path]) => !path.startsWith('rules/')));
    const { valid, lines } = await validate({ ...without, ...Object.fromEntries(rules.map(([path, text]) => [path.replace('rules/', 'rule/bank/'), text])) });
    expect(valid).toBe(false);
    expect(lines).toContainEqual(expect.stringMatching(/^rule\/:1:1 \/ is not read: the folder of rules is rules\//));
  });

  test('with a file whose ending is in capital letters is not valid, as it would not go live', async () => {
    const { valid, lines } = await validate({ ...withoutModels, 'rules/card.YAML': 'x', 'rules/card.json': 'x', 'rules/.card.yaml': 'x' });
    expect(valid).toBe(false);
    expect(lines).toEqual([
      'rules/.card.yaml:1:1 / warning: is not read: its name begins with a dot',
      'rules/card.YAML:1:1 / is not read: the name of a file here ends in .yaml or .yml, in small letters; rename it to card.yaml. If it is no part of the catalog, give it another ending',
      'rules/card.json:1:1 / warning: is not read: the name of a file here ends in .yaml',
    ]);
  });

  test('without files gets an answer', async () => {
    const { valid, lines } = await validate({});
    expect(valid).toBe(false);
    expect(lines[0]).toMatch(/^offers\/:1:1/);
  });
});

describe('a hostile candidate', () => {
  test.each(['../offers/card.yaml', '/etc/passwd', 'offers/../../card.yaml', 'offers//card.yaml', './schema.yaml', 'offers\\card.yaml', 'offers/a\u0000.yaml', '', 'offers/..'])('the path %j is refused', async (path) => {
    const { valid, lines } = await validate({ ...withoutModels, [path]: 'id: x' });
    expect(valid).toBe(false);
    expect(lines).toEqual([expect.stringContaining('is no path inside a catalog folder')]);
  });

  test('a path called __proto__ is only a name', async () => {
    const files = JSON.parse(`{"__proto__": "id: x", "offers/__proto__.yaml": "- id: constructor\\n  kind: service\\n  value: { margin: 1 }\\n  propensity: 0.1\\n  __proto__: { admin: true }"}`) as Record<string, string>;
    const { lines } = await validate({ ...withoutModels, ...files });
    expect(lines).toContainEqual(expect.stringContaining('offers/__proto__.yaml:5:3 /0/__proto__ unknown member "__proto__"'));
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  test('names of an object\'s own are names like others', async () => {
    const { lines } = await validate({
      ...withoutModels,
      'strategies/strategies.yaml': 'id: all\nobjective: x\nweights: { constructor: 1, toString: 2 }\n',
      'triggers/triggers.yaml': '- { id: valueOf, type: external, on: { event: hasOwnProperty }, window: 1d, effect: { offers: [toString], weight: 2 } }\n',
    });
    expect(lines).toEqual([
      'strategies/strategies.yaml:3:12 /weights/constructor there is no offer kind "constructor"',
      'strategies/strategies.yaml:3:28 /weights/toString there is no offer kind "toString"',
      'triggers/triggers.yaml:1:47 /0/on/event there is no event "hasOwnProperty"; there are weather.warning, purchase',
      'triggers/triggers.yaml:1:96 /0/effect/offers/0 there is no offer "toString"; there are card, shelter, advice',
      'offers/card.yaml:15:28 /treatments/1/when triggers never holds "storm"',
    ].sort());
  });

  test('a pattern that would take for ever is stopped', async () => {
    const { valid, lines } = await validate({
      ...withoutModels,
      'schema.yaml': smallFiles['schema.yaml']!.replace('product: { type: string }', 'product: { type: string, pattern: "^(a+)+$" }'),
      'offers/card.yaml': smallFiles['offers/card.yaml']!.replace('product: card', `product: ${'a'.repeat(40)}b`),
    });
    expect(valid).toBe(false);
    expect(lines).toContainEqual(expect.stringMatching(/^offers\/card\.yaml:4:\d+ \/attributes\/product must be text that matches/));
  });

  test('thousands of problems are answered', async () => {
    const { valid, lines } = await validate({ ...withoutModels, 'rules/rules.yaml': Array.from({ length: 3_000 }, (_, index) => `- { id: r${index}, kind: hygiene, require: customer.aeg > ${index} }`).join('\n') });
    expect(valid).toBe(false);
    expect(lines).toHaveLength(2_001);
    expect(lines.at(-1)).toMatch(/^rules\/rules\.yaml:2001:\d+ .* and 1000 more problems from here on$/);
  });
});
