import fc from 'fast-check';
import { decide } from '../../src/decision/pipeline.js';
import { offersWeighed, weighsKind } from '../../src/decision/activation.js';
import { deriveAttributes } from '../../src/decision/derivation.js';
import { judgeTrigger } from '../../src/decision/triggers.js';
import { openSituation, type DecisionInput } from '../../src/decision/situation.js';
import { compile, inputOf, type CatalogParts, type GoldenCase } from '../support/golden-case.js';
import type { Catalog, Condition, Decision, DecisionRequest, JsonObject, Trigger } from '../../src/decision/types.js';

const now = Date.parse('2026-11-23T10:00:00Z');

function decideWith(catalog: Catalog, change: Partial<DecisionRequest> = {}): Decision {
  const request: DecisionRequest = { channel: 'web', direction: 'inbound', limit: 10, placements: null, context: {}, explain: 'none', ...change };
  const customer = { id: 'C-1', profile: { attributes: { age: 40 }, consents: [], holdings: [] }, contacts: [], limitUsage: new Map() };
  return decided({ catalog, request, customer, now, contested: new Set() });
}

function decided(input: DecisionInput): Decision {
  const step = decide(input).next();
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

  const events: JsonObject = { login: { usualInterval: '7d' }, purchase: { usualInterval: '9d' }, storm: {}, baby: { source: 'partner' } };
  const starts: readonly JsonObject[] = [
    { while: 'customer.age > 18' }, { while: 'customer.age > 60' }, { while: 'channel == "app"' }, { from: '2026-01-01' }, { until: '2026-01-01' },
    { while: 'monthDay(customer.birthDate) == monthDay(now)' }, { while: 'customer.stage == "new"' },
    { while: 'eventCount("purchase", duration("20d")) >= 2' }, { while: 'sinceLastEvent("purchase") < duration("20d")' }, { while: 'pauseRatio("login") > 2.0' },
    { on: { event: 'login' }, window: '20d' }, { on: { event: 'purchase', when: 'event.data.amount > 50' }, window: '30d' }, { on: { event: 'purchase', when: 'event.data.region == customer.region' }, opensAfter: '5d', window: '30d' },
    { on: { event: 'purchase', when: 'eventCount("purchase") <= 2' }, window: '40d' }, { on: { event: 'purchase', when: 'sinceLastEvent("login") < duration("9d")' }, window: '40d' },
    { on: { event: 'storm' }, matches: 'customer.region == event.data.region', window: '20d' }, { on: { event: 'storm', when: 'event.data.level == "red"' }, matches: 'customer.region == event.data.region', window: '20d' }, { on: { event: 'storm' }, matches: 'customer.age > 18', window: '20d' },
    { on: { event: 'baby' }, source: 'partner', window: '40d' },
    { absence: { of: 'login', rhythm: 2 } }, { absence: { of: 'purchase', rhythm: 1 } }, { absence: { of: 'purchase', atLeast: '6d', atMost: '40d' } },
  ];
  /** Those that ask the same things are more often among each other than by chance. */
  const about = (...words: readonly string[]): readonly JsonObject[] => starts.filter((start) => words.some((word) => JSON.stringify(start).includes(word)));
  const families = [starts, starts, about('storm'), about('login', 'rhythm'), about('purchase', 'baby'), about('while'), about('while')];
  const rest = fc.record({
    more: fc.constantFrom<JsonObject>({}, {}, {}, { control: 0.5 }, { audience: 'direction == "outbound"' }, { audience: 'eventCount("login", duration("30d")) > 0' }, { priority: 1 }, { endsWith: ['accepted', 'declined'] }, { endsWith: ['accepted', 'declined'] }, { endsWith: ['accepted', 'declined'], rest: '10d' }, { rest: '15d' }),
    weight: fc.constantFrom(0.5, 1, 2, 2, 3), offers: someOf(ids), kinds: someOf(kinds), unlocks: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, someOf(ids)),
  });
  const triggers = fc.constantFrom(...families).chain((family) => fc.array(fc.tuple(fc.constantFrom(...family), rest), { minLength: 2, maxLength: 7 }))
    .map((list) => list.map(([start, { more, ...effect }], place): JsonObject => ({ id: `t${place}`, type: 'business', ...start, ...more, effect: JSON.parse(JSON.stringify(effect)) as JsonObject })));

  const daysAgo = fc.integer({ min: 0, max: 50 }).map((days) => new Date(now - days * 86_400_000).toISOString());
  const eventOf = (...types: readonly string[]) => fc.record({ type: fc.constantFrom(...types), at: daysAgo, data: fc.record({ amount: fc.constantFrom(10, 100), region: fc.constantFrom('north', 'south'), level: fc.constantFrom('red', 'green') }) });
  const byTime = <Event extends { readonly at: string }>(list: readonly Event[]): Event[] => [...list].sort((one, other) => (one.at < other.at ? -1 : 1));
  const customer = fc.record({
    id: fc.constantFrom('C-1', 'C-2', 'C-3'),
    attributes: fc.record({ age: fc.constantFrom(15, 40, 70), region: fc.constantFrom('north', 'south'), birthDate: fc.constantFrom('1980-11-23', '1980-05-01'), memberSince: fc.constantFrom('2026-11-10', '2020-01-01') }, { requiredKeys: ['age', 'region', 'birthDate', 'memberSince'] }),
    consents: fc.constantFrom<string[]>(['partner-data'], ['partner-data'], []),
    events: fc.array(eventOf('login', 'login', 'purchase', 'purchase', 'storm', 'baby'), { minLength: 2, maxLength: 24 }).map(byTime),
    contacts: fc.array(fc.tuple(fc.constantFrom('accepted', 'declined', 'clicked'), fc.constantFrom(...ids), fc.constantFrom('web', 'app'), daysAgo).map((words) => words.join(' ')), { minLength: 1, maxLength: 5 }),
  });

  const conditions = ['"t0" in triggers', '!("t0" in triggers)', '"t0" in triggers || channel == "app"', 'size(triggers) > 2', 'monthDay(now) == "11-23"', 'eventCount("purchase", duration("20d")) < 3', 'customer.stage != "new"', '!(sinceLastEvent("login") < duration("3d"))'];
  const drawn = fc.record({
    offers, triggers, customer, asking: fc.subarray(conditions, { maxLength: 3 }), groupEvents: fc.array(eventOf('storm'), { minLength: 2, maxLength: 4 }),
    rhythms: fc.constantFrom<Readonly<Record<string, string>>>({}, { login: '6d', purchase: '4d' }),
    request: fc.constantFrom<GoldenCase['request']>({ channel: 'web' }, { channel: 'app', direction: 'outbound' }, { channels: ['web', 'app'], direction: 'outbound' }),
  });
  type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

  const runs = { seed: 20261127, numRuns: 120 };
  const catalogOf = (parts: Pick<Drawn, 'offers' | 'triggers' | 'asking'>): Promise<Catalog> => compile({
    schema: { derived: { stage: [{ is: 'new', when: 'daysBetween(customer.memberSince, now) >= 0 && daysBetween(customer.memberSince, now) < 30' }, { is: 'settled' }] } },
    offers: parts.offers, triggers: parts.triggers, events, rules: [...parts.asking.map((require, place): JsonObject => ({ id: `r${place}`, kind: 'business', applies: `offer.id == "o${place}"`, require })), { id: 'one', kind: 'communication', cap: { outcome: 'presented', max: 3, per: '7d', scope: 'customer' } }],
  });
  const inputOfDrawn = ({ customer: who, groupEvents, rhythms, request }: Drawn, catalog: Catalog, change: GoldenCase['request'] = {}): DecisionInput =>
    inputOf({ customer: who, groupEvents, rhythms, request: { limit: 10, ...request, ...change } }, catalog);
  const decideDrawn = (...drawnInput: Parameters<typeof inputOfDrawn>): Decision => decided(inputOfDrawn(...drawnInput));
  const oneChannel = ({ channel = 'web', direction = 'inbound' }: GoldenCase['request']): GoldenCase['request'] => ({ channel, direction, channels: undefined, explain: 'full' });

  test('the answer is the same without an explanation and with all of it, where every trigger is judged', () =>
    fc.assert(fc.asyncProperty(drawn, async (it) => {
      const catalog = await catalogOf(it);
      const answer = ({ offers: list, heldOut }: Decision): unknown => [list.map(({ offer, channel, priority, factors }) => [offer.id, channel, priority, factors.trigger]), heldOut];
      expect(answer(decideDrawn(it, catalog))).toEqual(answer(decideDrawn(it, catalog, { explain: 'full' })));
    }), runs));

  test('what is found of a trigger among others is what is found of it alone', async () => {
    const active = new Set<JsonObject>();
    await fc.assert(fc.asyncProperty(drawn, async (it) => {
      const input = inputOfDrawn(it, await catalogOf(it), oneChannel(it.request));
      const told = new Map(decided(input).triggers!.map(({ id, state, reason }) => [id, state === 'deferred' ? state : reason]));
      for (const [place, trigger] of input.catalog.triggers.entries()) {
        const situation = openSituation(input);
        expect(deriveAttributes(situation).next().done).toBe(true);       // no model is asked
        const verdict = judgeTrigger(trigger, situation);
        const reasons = verdict.active ? ['deferred', `Active ${verdict.words()}`] : [verdict.started ? verdict.reason() : undefined];
        expect(reasons).toContain(told.get(trigger.id));
        if (verdict.active) active.add(starts.find((start) => Object.entries(start).every(([name, value]) => it.triggers[place]![name] === value))!);
      }
    }), runs);
    expect(starts.filter((start) => !active.has(start))).toEqual([{ until: '2026-01-01' }]);       // else the draws show too little
  });

  test('of several active triggers on one offer the strongest counts, the first in the catalog of equal ones', () =>
    fc.assert(fc.asyncProperty(drawn, async (it) => {
      const catalog = await catalogOf(it);
      const { offers: list, excluded, triggers: told } = decideDrawn(it, catalog, oneChannel(it.request));
      const isActive = new Set(told!.filter(({ state }) => state !== 'rejected').map(({ id }) => id));
      const active = catalog.triggers.filter(({ id }) => isActive.has(id));
      for (const { offer, factors, origins } of [...list, ...excluded!]) {
        const weighing = active.filter((trigger) => offersWeighed(trigger).has(offer.id) || weighsKind(trigger, offer.kind));
        const weight = Math.max(...weighing.map(({ effect }) => effect.weight));
        const strongest = weighing.find(({ effect }) => effect.weight === weight);
        expect([factors.trigger, origins!.trigger]).toEqual(strongest === undefined ? [1, 'none'] : [weight, `trigger:${strongest.id}`]);
      }
    }), runs));
});
