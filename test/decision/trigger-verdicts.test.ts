import fc from 'fast-check';
import { decide } from '../../src/decision/pipeline.js';
import { concerns } from '../../src/decision/activation.js';
import { compile, type CatalogParts } from '../support/golden-case.js';
import type { Catalog, Condition, Decision, DecisionRequest, JsonObject, Trigger } from '../../src/decision/types.js';

const now = Date.parse('2026-11-23T10:00:00Z');

function decideWith(catalog: Catalog, change: Partial<DecisionRequest> = {}): Decision {
  const request: DecisionRequest = { channel: 'web', direction: 'inbound', limit: 10, placements: null, context: {}, explain: 'none', ...change };
  const customer = { id: 'C-1', profile: { attributes: { age: 40 }, consents: [], holdings: [] }, contacts: [], limitUsage: new Map() };
  const step = decide({ catalog, request, customer, now, contested: new Set() }).next();
  if (step.done !== true) throw new Error('no model is asked');
  return step.value;
}

/** The catalog, with a note of every trigger whose `while` is asked. */
function noting(catalog: Catalog): { readonly catalog: Catalog; readonly judged: Set<string> } {
  const judged = new Set<string>();
  const noted = (id: string, condition: Condition): Condition => ({ ...condition, evaluate: (slots) => {
    judged.add(id);
    return condition.evaluate(slots);
  } });
  const triggers = catalog.triggers.map((trigger): Trigger => (trigger.start.type === 'while' ? { ...trigger, start: { ...trigger.start, while: noted(trigger.id, trigger.start.while) } } : trigger));
  return { catalog: { ...catalog, triggers }, judged };
}

describe('a trigger is judged where something hangs on it', () => {
  const trigger = (id: string, more: JsonObject = {}): JsonObject => ({ id, type: 'business', while: 'customer.age > 18', effect: { weight: 1, kinds: ['loyalty'] }, ...more });
  const parts: CatalogParts = {
    offers: [{ id: 'card' }, { id: 'loan', kind: 'retention' }, { id: 'shelter' }],
    rules: [{ id: 'adults', kind: 'business', applies: 'offer.kind == "retention"', require: 'customer.age > 60' }, { id: 'asks', kind: 'business', applies: 'offer.id == "card"', require: '"asked" in triggers' }],
    triggers: [
      trigger('of-no-offer'),
      trigger('asked'),
      trigger('of-a-refused-offer', { effect: { weight: 2, kinds: ['retention'] } }),
      trigger('weaker', { effect: { weight: 2, kinds: ['cross-sell'] } }),
      trigger('strongest', { effect: { weight: 3, kinds: ['cross-sell'] } }),
      trigger('as-strong-and-later', { effect: { weight: 3, offers: ['card'], kinds: ['loyalty'] } }),
      trigger('over', { while: 'customer.age > 90', effect: { weight: 4, kinds: ['cross-sell'] } }),
      trigger('unlocks', { effect: { unlocks: ['shelter'] } }),
      trigger('with-a-control-group', { control: 0.000001 }),
    ],
  };

  test('the strongest of those that concern an offer first, until one is active', async () => {
    const { catalog, judged } = noting(await compile(parts));
    const { offers } = decideWith(catalog);
    expect(offers.map(({ offer, weight }) => [offer.id, weight])).toEqual([['card', 3], ['shelter', 3]]);
    expect([...judged].sort()).toEqual(['as-strong-and-later', 'asked', 'over', 'strongest', 'unlocks', 'with-a-control-group']);
  });

  test('of equally strong ones the first in the catalog counts', async () => {
    const [card] = decideWith(await compile(parts), { explain: 'full' }).offers;
    expect(card!.origins?.trigger).toBe('trigger:strongest');
  });

  test('a full explanation tells of all', async () => {
    const { catalog, judged } = noting(await compile(parts));
    const { triggers } = decideWith(catalog, { explain: 'full' });
    expect(judged.size).toBe(parts.triggers!.length);
    expect(triggers!.filter(({ state }) => state === 'active').map(({ id }) => id)).toEqual(parts.triggers!.map(({ id }) => id).filter((id) => id !== 'over'));
  });

  test('where a condition may ask for any, all are judged', async () => {
    const { catalog, judged } = noting(await compile({ ...parts, strategies: [{ id: 'busy', objective: 'maintain', when: 'size(triggers) == 8' }, { id: 'everyone', objective: 'broaden' }] }));
    expect(decideWith(catalog).strategy.id).toBe('busy');
    expect(judged.size).toBe(parts.triggers!.length);
  });
});

describe('when a trigger is judged changes nothing', () => {
  const ids = ['o0', 'o1', 'o2', 'o3'];
  const kinds = ['cross-sell', 'retention', 'loyalty'];
  const offers = fc.array(fc.constantFrom(...kinds), { minLength: 4, maxLength: 4 }).map((list) => list.map((kind, place): JsonObject => ({ id: ids[place]!, kind })));
  const someOf = (items: readonly string[]): fc.Arbitrary<string[] | undefined> => fc.option(fc.subarray([...items], { minLength: 1 }), { nil: undefined });
  const triggers = fc.array(fc.record({
    start: fc.constantFrom<JsonObject>({ while: 'customer.age > 18' }, { while: 'customer.age > 60' }, { while: 'channel == "app"' }, { from: '2026-01-01' }, { until: '2026-01-01' }),
    more: fc.constantFrom<JsonObject>({}, {}, { control: 0.5 }, { audience: 'direction == "outbound"' }, { priority: 1 }),
    weight: fc.constantFrom(0.5, 1, 2, 2, 3), offers: someOf(ids), kinds: someOf(kinds), unlocks: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, someOf(ids)),
  }), { minLength: 1, maxLength: 8 }).map((list) => list.map(({ start, more, ...effect }, place): JsonObject => ({ id: `t${place}`, type: 'business', ...start, ...more, effect: JSON.parse(JSON.stringify(effect)) as JsonObject })));
  const asking = fc.subarray(['"t0" in triggers', '!("t0" in triggers)', '"t0" in triggers || channel == "app"', 'size(triggers) > 2'], { maxLength: 2 });
  const drawn = fc.record({ offers, triggers, asking, request: fc.constantFrom<Partial<DecisionRequest>>({ channel: 'web' }, { channel: 'app', direction: 'outbound' }, { channels: ['web', 'app'], direction: 'outbound' }) });
  const runs = { seed: 20261127, numRuns: 40 };
  const catalogOf = (parts: { offers: JsonObject[]; triggers: JsonObject[]; asking: string[] }): Promise<Catalog> => compile({
    offers: parts.offers, triggers: parts.triggers, rules: [...parts.asking.map((require, place): JsonObject => ({ id: `r${place}`, kind: 'business', applies: `offer.id == "o${place}"`, require })), { id: 'one', kind: 'communication', cap: { outcome: 'presented', max: 3, per: '7d', scope: 'customer' } }],
  });

  test('the answer is the same without an explanation and with all of it, where every trigger is judged', () =>
    fc.assert(fc.asyncProperty(drawn, async ({ request, ...parts }) => {
      const catalog = await catalogOf(parts);
      const answer = ({ offers: list, heldOut }: Decision): unknown => [list.map(({ offer, channel, priority, factors }) => [offer.id, channel, priority, factors.trigger]), heldOut];
      expect(answer(decideWith(catalog, request))).toEqual(answer(decideWith(catalog, { ...request, explain: 'full' })));
    }), runs));

  test('of several active triggers on one offer the strongest counts, the first in the catalog of equal ones', () =>
    fc.assert(fc.asyncProperty(drawn, async ({ request: { channel = 'web', direction = 'inbound' }, ...parts }) => {
      const catalog = await catalogOf(parts);
      const { offers: list, excluded, triggers: told } = decideWith(catalog, { channel, direction, explain: 'full' });
      const isActive = new Set(told!.filter(({ state }) => state !== 'rejected').map(({ id }) => id));
      const active = catalog.triggers.filter(({ id }) => isActive.has(id));
      for (const { offer, factors, origins } of [...list, ...excluded!]) {
        const concerning = active.filter((trigger) => concerns(trigger, offer.id, offer.kind));
        const weight = Math.max(...concerning.map(({ effect }) => effect.weight));
        const strongest = concerning.find(({ effect }) => effect.weight === weight);
        expect([factors.trigger, origins!.trigger]).toEqual(strongest === undefined ? [1, 'none'] : [weight, `trigger:${strongest.id}`]);
      }
    }), runs));
});
