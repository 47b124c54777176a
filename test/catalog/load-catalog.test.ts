import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../src/catalog/problem.js';
import type { Catalog } from '../../src/decision/types.js';
import { filesWith, linesOf, load, loaded, smallFiles, type Changes } from './small-catalog.js';

const stockholm = (text: string): number => Date.parse(text);

describe('a good catalog', () => {
  test('is compiled whole', async () => {
    const catalog = await loaded();
    expect(catalog).toMatchObject({
      currency: 'SEK', timeZone: 'Europe/Stockholm', channels: ['web', 'email', 'call-center'], activities: ['newsletter'], control: { share: 0.05, salt: '2026' },
    });
    expect(catalog.strategies.map(({ id, when, weights }) => [id, when?.source, [...weights]])).toEqual([
      ['grow', 'customer.phase == "engage" && size(customer.holdings) < 3', [['cross-sell', 1.3], ['loyalty', 0.8]]],
      ['keep', undefined, []],
    ]);
    expect(catalog.offers.map(({ id }) => id)).toEqual(['advice', 'card', 'shelter']);
    expect([...catalog.offersById.keys()]).toEqual(['advice', 'card', 'shelter']);
    expect([...catalog.models.keys()].sort()).toEqual(['accept', 'churn', 'lifetime']);
    expect(catalog.rules.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('an offer has its numbers, its limits and its treatments', async () => {
    const { offersById } = await loaded();
    const card = offersById.get('card')!;
    expect(card).toMatchObject({
      name: 'Card', kind: 'cross-sell', attributes: { category: 'credit', product: 'card' }, reviewBy: '2027-01-31',
      value: { volume: { type: 'number', number: 1 }, margin: { type: 'expression' }, duration: { type: 'model', model: 'lifetime', output: 'years', prior: 3 } },
      propensity: { model: { model: 'accept', output: 'propensity' }, prior: 0.04 },
      lever: { weight: 1.1, fromMs: stockholm('2026-11-01T00:00:00+01:00'), untilMs: stockholm('2027-01-01T00:00:00+01:00') },
      limits: [
        { key: 'card/accepted/month', outcome: 'accepted', max: 500, per: 'month', reserveMs: 900_000 },
        { key: 'card/presented/total', outcome: 'presented', max: 9, per: 'total', reserveMs: 900_000 },
      ],
    });
    expect(card.treatments.map(({ channel, stage, locale, when, content }) => ({ channel, stage, locale, when: when?.source, content }))).toEqual([
      { channel: 'web', stage: 'inspire', locale: 'sv-SE', when: undefined, content: { channel: 'web', stage: 'inspire', locale: 'sv-SE', headline: 'Ett kort', cta: { label: 'Visa', url: '/card' } } },
      { channel: 'web', stage: undefined, locale: undefined, when: '"storm" in triggers', content: { channel: 'web', headline: 'A card for the storm' } },
    ]);
  });

  test('what is not given has its default', async () => {
    const { offersById, rules, triggers } = await loaded({
      'offers/insurance.yaml': '- { id: shelter, kind: service, value: { margin: 10 }, propensity: 0.2 }\n- { id: advice, kind: loyalty, value: { margin: customer.age }, propensity: { prior: 0.1 } }\n',
      'schema.yaml': smallFiles['schema.yaml']!.replace(/control:.*\n/, ''),
    });
    expect(offersById.get('shelter')).toMatchObject({
      name: 'shelter', attributes: {}, value: { volume: { number: 1 }, margin: { number: 10 }, duration: { number: 1 } },
      propensity: { model: null, prior: 0.2 }, lever: null, limits: [], treatments: [],
    });
    expect(offersById.get('shelter')!.exclusive).toBeUndefined();
    expect(offersById.get('advice')!.propensity).toEqual({ model: null, prior: 0.1 });
    expect(rules[3]!.check).toMatchObject({ type: 'cooldown', scope: 'offer', offers: null });
    expect(triggers.find(({ id }) => id === 'storm')!.effect).toMatchObject({ offers: null, kinds: null });
  });

  test('all offers have the same members in the same order, whatever their files give', async () => {
    const { offers } = await loaded({
      'offers/insurance.yaml': '- { id: shelter, kind: service, owner: care, exclusive: home, lever: { weight: 2 }, value: { margin: 10 }, propensity: 0.2 }\n- { id: advice, kind: loyalty, value: { margin: customer.age }, propensity: { prior: 0.1 } }\n',
    });
    expect(offers.length).toBeGreaterThan(2);
    expect(new Set(offers.map((offer) => Object.keys(offer).join())).size).toBe(1);
  });

  test('a rule knows when it can be asked, and whether its answer is one for all offers', async () => {
    const { rules, screening } = await loaded();
    expect(Object.fromEntries(rules.map((rule) => [rule.id, [rule.beforeScoring, screening.rules.find((prepared) => prepared.rule === rule)?.isSameForAll ?? false]]))).toEqual({
      'consent': [true, true],
      'of-age': [true, true],
      'three-a-week': [true, true],
      'once': [true, false],
      'no-card-after-advice': [true, true],
      'night': [true, true],
      'worth-it': [false, false],
    });
    expect(rules.map(({ check }) => check)).toMatchObject([
      { type: 'require' }, { type: 'require' },
      { type: 'cap', outcome: 'presented', max: 3, per: { type: 'rolling', windowMs: 7 * 86_400_000, text: '7d' }, scope: 'customer' },
      { type: 'cooldown', after: 'declined', windowMs: Infinity, text: 'ever' },
      { type: 'cooldown', after: 'accepted', windowMs: 120 * 86_400_000, offers: new Set(['advice']) },
      { type: 'quiet', fromMinute: 1260, untilMinute: 480 },
      { type: 'require' },
    ]);
  });

  test('an `applies` that reads only the offer is settled: for ever, left out, or still unknown', async () => {
    const rules = smallFiles['rules/rules.yaml']!.replace(/has\([a-z.]+\) && /g, '');
    const { offersById } = await loaded({ 'rules/rules.yaml': rules });
    const rulesOf = (id: string): unknown => Object.fromEntries(offersById.get(id)!.rules.map(({ rule, applies }) => [rule.id, applies?.source ?? null]));
    const always = { 'three-a-week': null, 'once': null, 'night': null, 'worth-it': null, 'consent': 'direction == "outbound"' };
    expect(rulesOf('card')).toEqual({ ...always, 'of-age': null, 'no-card-after-advice': null });
    // shelter is insurance, and what product it is nobody says
    expect(rulesOf('shelter')).toEqual({ ...always, 'no-card-after-advice': 'offer.product == "card"' });
    expect(rulesOf('advice')).toEqual({ ...always, 'of-age': 'offer.category == "credit"', 'no-card-after-advice': 'offer.product == "card"' });
  });

  test('the slots of an offer hold its attributes', async () => {
    const { layout, offersById } = await loaded();
    const names = layout.offer.map(({ path }) => path.join('.'));
    const valuesOf = (id: string): unknown => Object.fromEntries(names.map((name, index) => [name, offersById.get(id)!.slotValues[index]]));
    expect(valuesOf('card')).toEqual({ category: 'credit', product: 'card' });
    expect(valuesOf('shelter')).toEqual({ category: 'insurance', product: undefined });
  });

  test('triggers have their dates, and unlock', async () => {
    const { triggers, offersById } = await loaded();
    expect(triggers.map(({ id, start, fromMs, untilMs }) => [id, start.type, fromMs, untilMs])).toEqual([
      ['storm', 'event', -Infinity, Infinity],
      ['year-end', 'dates', stockholm('2026-12-01T00:00:00+01:00'), stockholm('2027-01-01T00:00:00+01:00')],
      ['newcomer', 'while', -Infinity, Infinity],
      ['gone-quiet', 'absence', -Infinity, Infinity],
    ]);
    expect(offersById.get('shelter')!.triggers.unlocking).toEqual([0]);
    expect(offersById.get('card')!.triggers.unlocking).toEqual([]);
  });

  test('a derived attribute has a slot where something reads it', async () => {
    const { derived } = await loaded();
    expect(derived).toMatchObject([
      { type: 'cases', name: 'phase', cases: [{ is: 'onboard' }, { is: 'engage', when: null }] },
      { type: 'model', name: 'churnRisk', model: 'churn', output: 'propensity', default: 0.1, slot: null },
    ]);
    expect(typeof derived[0]!.slot).toBe('number');
  });

  test.each<[string, string, number, readonly string[]]>([
    ['at least 90 days', 'cap: { outcome: presented, max: 3, per: 7d }', 90, ['accepted']],
    ['the longest cap', 'cap: { outcome: presented, max: 3, per: 52w }', 364, ['accepted']],
    ['the longest cooldown', 'cooldown: { after: declined, for: 200d }', 200, ['accepted']],
    ['what is never forgotten', 'cooldown: { after: not-now, for: ever }', 90, ['accepted', 'not-now']],
  ])('the ledger goes back %s', async (_name, check, days, latestOf) => {
    const { ledger } = await loaded({ 'rules/rules.yaml': `id: one\nkind: communication\n${check}\n` });
    expect(ledger).toEqual({ windowMs: days * 86_400_000, latestOf });
  });

  test('conditions that are the same are one object', async () => {
    const { rules, triggers, strategies } = await loaded({
      'rules/rules.yaml': '- { id: a, kind: hygiene, applies: customer.age > 3, require: customer.age > 3 }\n- { id: b, kind: hygiene, require: customer.age > 3 }\n',
      'strategies/strategies.yaml': '- { id: first, objective: x, when: customer.age > 3 }\n- { id: last, objective: y }\n',
    });
    const [a, b] = rules.map(({ check }) => (check.type === 'require' ? check.require : null));
    expect(a).toBe(b);
    expect(rules[0]!.applies).toBe(a);
    expect(strategies[0]!.when).toBe(a);
    expect(triggers[2]!.audience).not.toBe(a);
  });

  test('nothing of it can be changed, but for lists, which are read-only by their types', async () => {
    const catalog = await loaded();
    const thawed: string[] = [];
    const seen = new Set<unknown>();
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      if (value instanceof Map || value instanceof Set) {
        for (const item of value.values()) visit(item, `${path}[]`);
        return;
      }
      if (!Array.isArray(value) && !Object.isFrozen(value)) thawed.push(path);
      for (const [name, member] of Object.entries(value)) visit(member, `${path}.${name}`);
    };
    const { models, ...ours } = catalog;
    visit(ours, '');
    expect(models.size).toBe(3);
    expect(thawed.filter((path) => path !== '')).toEqual([]);
    expect(Object.isFrozen(catalog)).toBe(true);
  });
});

describe('warnings', () => {
  test.each<[string, Changes, string]>([
    ['a review that is overdue', { 'strategies/strategies.yaml': 'id: keep\nobjective: maintain\nowner: crm\nreviewBy: 2026-11-22\n' },
      'strategies/strategies.yaml:4:11 /reviewBy warning: the review is overdue since 2026-11-22 (owner: crm)'],
    ...[['lokale', 'locale'], ['Stage', 'stage'], ['wehn', 'when'], ['placment', 'placement']].map(([written, meant]): [string, Changes, string] => [
      `a treatment with ${written} for ${meant}`, { 'offers/insurance.yaml': `${smallFiles['offers/insurance.yaml']!}  treatments:\n    - { channel: web, ${written}: act }\n` },
      `offers/insurance.yaml:13:${23 + written!.length + 2} /1/treatments/0/${written} warning: "${written}" chooses nothing, and is shown as it stands; did you mean ${meant}?`]),
    ['a treatment that is never shown', { 'offers/insurance.yaml': `${smallFiles['offers/insurance.yaml']!}  treatments:\n    - { channel: web, text: a }\n    - { channel: web, text: b }\n` },
      'offers/insurance.yaml:14:7 /1/treatments/1 warning: is for the same channel, placement, stage and locale as the treatment at offers/insurance.yaml:13, and neither has a `when`: one of them is never shown'],
    ['an offer that is never made', { 'offers/insurance.yaml': smallFiles['offers/insurance.yaml']!.replace('margin: 10', 'margin: -10') },
      'offers/insurance.yaml:5:20 /0/value/margin warning: is negative, so the offer is never made'],
    ['a trigger that never ends', { 'triggers/triggers.yaml': smallFiles['triggers/triggers.yaml']!.replace('  window: 2d\n', '') },
      'triggers/triggers.yaml:1:3 /0 warning: has neither `window` nor `endsWith`: once started it never ends'],
    ['a trigger that never speaks in one of its channels', { 'triggers/card.yaml': 'id: card-now\ntype: business\nfrom: 2026-12-01\neffect: { weight: 2, offers: [card] }\noutbound: { channels: [web, email] }\n' },
      'triggers/card.yaml:5:29 /outbound/channels/1 warning: the trigger never speaks by email: the offer that it concerns, card, has treatments, but none for email; add one (`channel: email`), or leave the channel out'],
  ])('%s', async (_name, changes, line) => {
    const result = await load(filesWith(changes));
    expect(result.ok).toBe(true);
    expect(await linesOf(changes)).toEqual([line]);
  });

  test('an offer without treatments can be said in every channel', async () => {
    expect(await linesOf({ 'triggers/any.yaml': 'id: any\ntype: business\nfrom: 2026-12-01\neffect: { weight: 2, offers: [card, advice] }\noutbound: { channels: [web, email] }\n' })).toEqual([]);
  });

  test('a review is due until the end of its day, in the catalog\'s time zone', async () => {
    expect(await linesOf({ 'strategies/strategies.yaml': 'id: keep\nobjective: maintain\nreviewBy: 2026-11-23\n' })).toEqual([]);
  });
});

describe('files', () => {
  /** What a decision reads of a catalog, as text. */
  const essence = (catalog: Catalog): string => JSON.stringify(catalog, (_name, value: unknown) => (value instanceof Map ? [...value] : value instanceof Set ? [...value] : typeof value === 'function' ? undefined : value));

  test('in any order make the same catalog', async () => {
    const forwards = await load(filesWith());
    const backwards = await load(new Map([...filesWith()].reverse()));
    expect(forwards.ok && backwards.ok && essence(forwards.catalog) === essence(backwards.catalog)).toBe(true);
  });

  test('strategies, rules and triggers come in path order', async () => {
    const { strategies, rules } = await loaded({
      'strategies/strategies.yaml': null, 'strategies/20-last.yml': 'id: last\nobjective: x\n', 'strategies/10/a.yaml': 'id: first\nobjective: x\nwhen: customer.age > 3\n',
      'rules/rules.yaml': null, 'rules/b.yaml': 'id: b\nkind: hygiene\nrequire: true\n', 'rules/a/deep/er.yaml': '- id: a\n  kind: hygiene\n  require: true\n',
    });
    expect(strategies.map(({ id }) => id)).toEqual(['first', 'last']);
    expect(rules.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('.yml does for every file, and bytes for text', async () => {
    const renamed = [...filesWith()].map(([path, text]): [string, Uint8Array] => [path.replace(/\.yaml$/, '.yml'), new TextEncoder().encode(text)]);
    const result = await load(new Map(renamed));
    expect(result.ok ? result.summary : result.problems.map(formatProblem)).toMatchObject({ strategies: 2, offers: 3, rules: 7, triggers: 4, models: 3 });
  });

  test('that belong to no catalog are passed over', async () => {
    expect(await linesOf({ 'README.md': '# hello', 'offers/notes.txt': 'x', 'offers/.draft.yaml': '[', 'models/accept/training.csv': 'a,b', 'package.json': '{' })).toEqual([]);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['no UTF-8', new Uint8Array([0x69, 0x64, 0x3a, 0xff]), 'rules/rules.yaml:1:4 / is no UTF-8 text: this character is of another encoding (Latin-1, Windows-1252), so save it as plain text in UTF-8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x69, 0]), 'rules/rules.yaml:1:1 / is UTF-16 text: save it as plain text in UTF-8'],
    ['too large', `# ${'x'.repeat(1_000_000)}`, 'rules/rules.yaml:1:1 / is too large: a YAML file has at most 1000000 bytes'],
    ['lists within lists without end', '['.repeat(200_000), 'rules/rules.yaml:1:101 / nested more than 100 levels deep'],
    ['mappings within mappings without end', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'rules/rules.yaml:100:101 / nested more than 100 levels deep'],
    ['an alias of an alias of an alias', Array.from({ length: 30_000 }, (_, index) => `- &a${index} [${index === 0 ? '' : `*a${index - 1}`}]`).join('\n'), 'rules/rules.yaml:502:10 / more than 500 aliases (*name)'],
    ['a key twice among very many', `${Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')}\nk7: 2`, 'rules/rules.yaml:60001:1 / member "k7" is given twice'],
  ])('%s', async (_name, content, line) => {
    const files = new Map<string, string | Uint8Array>([...filesWith()]);
    files.set('rules/rules.yaml', content);
    const result = await load(files);
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([line]);
  });

  test('too many entries in one are said, and those of the bound are read', async () => {
    const result = await load(new Map([...filesWith(), ['rules/more.yaml', Array.from({ length: 10_001 }, (_, index) => `- { id: r${index}, kind: hygiene, require: true }`).join('\n')]]));
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual(['rules/more.yaml:1:1 / has 10001 entries: a file has at most 10000']);
  });

  test('are loaded in pieces, so that others run meanwhile', async () => {
    const files = filesWith();
    for (let index = 0; index < 300; index += 1) files.set(`offers/more-${index}.yaml`, `{ id: more-${index}, kind: service, value: { margin: 1 }, propensity: 0.1 }\n`);
    let turns = 0;
    let done = false;
    const others = (): void => {
      turns += 1;
      if (!done) setImmediate(others);
    };
    setImmediate(others);
    const result = await load(files);
    done = true;
    expect(result.ok).toBe(true);
    expect(turns).toBeGreaterThan(3);
  });

  test('too many of them are said once', async () => {
    const files = filesWith();
    for (let index = 0; index < 10_001; index += 1) files.set(`rules/${index}.txt`, '');
    const result = await load(files);
    expect(result.ok ? [] : result.problems.map(({ message }) => message)[0]).toMatch(/a catalog has at most 10000/);
  });
});

describe('the revision', () => {
  const revisionOf = async (changes: Changes): Promise<string> => (await loaded(changes)).revision;

  test('is 16 hexadecimal digits, the same for the same content', async () => {
    const revision = await revisionOf({});
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(await revisionOf({})).toBe(revision);
    const reversed = await load(new Map([...filesWith()].reverse()));
    expect(reversed.ok && reversed.summary.revision).toBe(revision);
  });

  test('does not change with what does not count', async () => {
    expect(await revisionOf({ 'README.md': 'x', 'models/accept/notes.txt': 'x', 'offers/.hidden.yaml': 'x' })).toBe(await revisionOf({}));
  });

  test.each<[string, Changes]>([
    ['a text', { 'offers/card.yaml': smallFiles['offers/card.yaml']!.replace('name: Card', 'name: Kort') }],
    ['a model file', { 'models/accept/model.onnx': 'accept, trained again' }],
    ['a path', { 'offers/card.yaml': null, 'offers/cards.yaml': smallFiles['offers/card.yaml']! }],
    ['an event', { 'triggers/events.yaml': `${smallFiles['triggers/events.yaml']!}login:\n` }],
  ])('changes with %s', async (_name, changes) => {
    expect(await revisionOf(changes)).not.toBe(await revisionOf({}));
  });
});

describe('what requests bring', () => {
  test('is checked against the schema, all at once, with hints', async () => {
    const { schemas } = await loaded();
    expect(schemas.customer.violations({ age: 'x', regoin: 'north', memberSince: '2026-02-30' }, { complete: true })).toEqual([
      { pointer: '/regoin', detail: "is not declared in the catalog's schema; did you mean region?" },
      { pointer: '/age', detail: 'must be a whole number, not "x"' },
      { pointer: '/memberSince', detail: 'must be a date, not "2026-02-30"' },
    ]);
    expect(schemas.context.violations({ reason: 'a call' }, { complete: true })).toEqual([]);
  });

  test('may leave out what is required, unless it is to be complete', async () => {
    const { schemas } = await loaded({ 'schema.yaml': smallFiles['schema.yaml']!.replace('  properties:\n    age', '  required: [age]\n  properties:\n    age') });
    expect(schemas.customer.violations({ region: 'north' }, { complete: false })).toEqual([]);
    expect(schemas.customer.violations({ region: 'north' }, { complete: true })).toEqual([{ pointer: '/age', detail: 'is missing' }]);
  });
});
