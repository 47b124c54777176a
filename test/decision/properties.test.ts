import fc from 'fast-check';
import { compile, decideCase, filesOf, type CatalogParts, type GoldenCase } from '../support/golden-case.js';
import { fakeModelLoader } from '../support/fake-models.js';
import { loadCatalog } from '../../src/catalog/load-catalog.js';
import { offerKinds, type Decision, type JsonObject } from '../../src/decision/types.js';

/** Random small catalogs, customers and requests, of everything that can refuse or weigh an offer. */
const offers = fc.array(fc.record({
  kind: fc.constantFrom(...offerKinds),
  margin: fc.constantFrom(0, 1, 50, 100, 100.5, 'customer.income * 0.01', 'customer.income - 100.0'),
  prior: fc.constantFrom(0, 0.05, 0.1, 0.5),
  model: fc.boolean(),
  exclusive: fc.option(fc.constantFrom('cards', 'loans'), { nil: undefined }),
  category: fc.option(fc.constantFrom('credit', 'insurance'), { nil: undefined }),
  treatments: fc.option(fc.array(fc.record({ channel: fc.constantFrom('web', 'app'), placement: fc.option(fc.constantFrom('hero', 'side'), { nil: undefined }) }), { minLength: 1, maxLength: 3 }), { nil: undefined }),
}), { minLength: 1, maxLength: 8 }).map((list) => list.map(({ margin, prior, model, exclusive, category, treatments, kind }, i): JsonObject => ({
  id: `o${i}`, kind,
  value: { volume: 1, margin, duration: 1 },
  propensity: model ? { model: 'accept', prior } : { prior },
  ...(exclusive !== undefined && { exclusive }),
  ...(category !== undefined && { attributes: { category } }),
  ...(treatments !== undefined && { treatments: treatments.map((treatment) => JSON.parse(JSON.stringify(treatment)) as JsonObject) }),
})));

const ruleBodies: readonly JsonObject[] = [
  { kind: 'business', applies: 'offer.category == "credit"', require: 'customer.age >= 18' },
  { kind: 'business', require: 'propensity > 0.06' },
  { kind: 'business', require: 'value < 100.0' },
  { kind: 'hygiene', require: 'has(customer.age) || channel == "web"' },
  { kind: 'communication', applies: 'channel == "web"', require: 'channel in customer.consents' },
  { kind: 'communication', cap: { outcome: 'presented', max: 2, per: '7d', scope: 'kind' } },
  { kind: 'communication', cap: { outcome: 'presented', max: 3, per: 'day', scope: 'customer' } },
  { kind: 'communication', cooldown: { after: 'declined', for: '30d' } },
  { kind: 'communication', cooldown: { after: 'accepted', for: 'ever', offers: ['o0'] }, applies: 'offer.id != "o0"' },
  { kind: 'communication', applies: 'offer.kind == "retention"', quiet: { from: '09:00', until: '12:00' } },
  { kind: 'business', require: 'offer.category == "credit" || customer.income > 150.0' },
  { kind: 'communication', applies: 'customer.age < 30 && offer.kind != "retention"', cooldown: { after: 'declined', for: 'ever', offers: ['o0'] } },
  { kind: 'communication', applies: 'has(customer.income) || offer.category == "credit"', cap: { outcome: 'clicked', max: 1, per: '90d', scope: 'kind' } },
  { kind: 'hygiene', require: '!(customer.age < 18 && offer.category in ["credit", "insurance"])' },
];
const rules = fc.subarray([...ruleBodies.keys()]).map((picked) => picked.map((i): JsonObject => ({ id: `r${i}`, ...ruleBodies[i] })));

const customer = fc.record({
  id: fc.option(fc.constantFrom('C-1', 'C-2'), { nil: undefined }),
  attributes: fc.record({ age: fc.constantFrom(15, 18, 40), income: fc.constantFrom(100, 20_000) }, { requiredKeys: [] }),
  consents: fc.subarray(['web', 'app']),
  contacts: fc.array(fc.tuple(fc.constantFrom('presented', 'declined', 'accepted', 'clicked'), fc.constantFrom('o0', 'o1', 'o2', 'gone'), fc.constantFrom('web', 'app'), fc.constantFrom('2026-11-23T08:00:00Z', '2026-11-20T08:00:00Z', '2026-09-01T08:00:00Z')).map((words) => words.join(' ')), { maxLength: 6 }),
}).map(({ id, ...rest }) => (id === undefined ? { ...rest, contacts: [] } : { id, ...rest }));

const request = fc.record({
  channel: fc.constantFrom('web', 'app'),
  limit: fc.integer({ min: 1, max: 5 }),
  placements: fc.option(fc.constantFrom<NonNullable<GoldenCase['request']['placements']>>(
    [{ id: 'hero' }, { id: 'side', limit: 2 }],
    [{ id: 'side', kinds: ['loyalty', 'retention'], fallback: 'o0' }, { id: 'hero', limit: 3, fallback: 'o0' }],
  ), { nil: undefined }),
}).map(({ placements, ...rest }): GoldenCase['request'] => (placements === undefined ? rest : { ...rest, placements }));

const models = fc.constantFrom<GoldenCase['models']>({}, { accept: 'away' }, { accept: { o0: 0.9, o1: 0.1, o2: 0.1, o3: 0 } });
const situation = fc.record({ offers, rules, customer, request, models });
type Drawn = { offers: JsonObject[]; rules: JsonObject[]; customer: GoldenCase['customer']; request: GoldenCase['request']; models: GoldenCase['models'] };

const runs = { seed: 20261123, numRuns: 40 };

async function decideDrawn({ offers: list, rules: book, ...rest }: Drawn, change: Partial<GoldenCase['request']> = {}): Promise<Decision> {
  return decideCase(caseOf(rest, change), await compile({ offers: list, rules: book }));
}

function caseOf({ customer: who, request: asked, models: answers }: Omit<Drawn, 'offers' | 'rules'>, change: Partial<GoldenCase['request']> = {}): GoldenCase {
  return { name: 'drawn', request: { ...asked, ...change }, models: answers ?? {}, expect: {}, ...(who !== undefined && { customer: who }) };
}

const answer = ({ offers: list, emptyPlacements }: Decision): unknown => [list.map(({ offer, rank, priority, placement, fallback }) => [offer.id, rank, priority, placement, fallback]), emptyPlacements];
/** Of several rules that refuse a fallback the first in the files is named, so the words may differ where the order does. */
const answerWithoutWords = (decision: Decision): unknown => [(answer(decision) as unknown[])[0], decision.emptyPlacements?.map(({ id }) => id)];

describe('the decision', () => {
  test('deciding twice gives the same bytes', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const [first, second] = [await decideDrawn(drawn, { explain: 'full' }), await decideDrawn(drawn, { explain: 'full' })];
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    }), runs));

  test('the answer does not depend on the order of offers and rules, nor on the files they stand in', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const { offers: list, rules: book, ...rest } = drawn as Drawn;
      const files = filesOf({ offers: [], rules: [...book].reverse() } satisfies CatalogParts);
      files.delete('offers/offers.yaml');
      for (const offer of [...list].reverse()) files.set(`offers/z-${offer['id'] as string}.yaml`, JSON.stringify({ name: offer['id'], ...offer }));
      const loaded = await loadCatalog(files, { models: fakeModelLoader, now: () => Date.parse('2026-11-23T10:00:00Z') });
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      expect(answerWithoutWords(decideCase(caseOf(rest), loaded.catalog))).toEqual(answerWithoutWords(await decideDrawn(drawn as Drawn)));
    }), runs));

  test('without placements the ranking is a total order: priority descending, then offer id', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const { offers: list } = await decideDrawn({ ...(drawn as Drawn), request: { channel: 'web', limit: 100 } });
      for (let i = 1; i < list.length; i++) {
        const [before, after] = [list[i - 1]!, list[i]!];
        expect(before.priority > after.priority || (before.priority === after.priority && before.offer.id < after.offer.id)).toBe(true);
      }
      expect(list.every(({ priority }) => priority > 0)).toBe(true);
    }), runs));

  test('no offer that anything refuses is returned, none twice, and every other is in `excluded`', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const decision = await decideDrawn(drawn, { explain: 'full' });
      const returned = decision.offers.map(({ offer }) => offer.id);
      const excluded = decision.excluded!.map(({ offer }) => offer.id);
      expect(new Set(returned).size).toBe(returned.length);
      expect([...returned, ...excluded].sort()).toEqual((drawn as Drawn).offers.map(({ id }) => id).sort());
      for (const { priority, rejectedBy } of decision.excluded!) if (rejectedBy.length > 0) expect(priority).toBe(0);
    }), runs));

  test('the depth of the explanation changes nothing but the explanation: filtering first equals scoring first', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const [none, full] = [await decideDrawn(drawn), await decideDrawn(drawn, { explain: 'full' })];
      expect(answer(none)).toEqual(answer(full));
    }), runs));

  test('changing what a rule does not read does not change its answer', () =>
    fc.assert(fc.asyncProperty(situation, fc.constantFrom('north', 'south', undefined), async (drawn, region) => {
      const { customer: who, ...rest } = drawn as Drawn;
      const changed = { ...who, attributes: { ...who?.attributes, ...(region !== undefined && { region }) } };
      expect(answer(await decideDrawn({ ...rest, customer: changed }))).toEqual(answer(await decideDrawn(drawn as Drawn)));
    }), runs));

  test('priority = propensity × value × weight, and value = volume × margin × duration', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      for (const { propensity, value, weight, priority, factors, fallback } of (await decideDrawn(drawn)).offers) {
        expect(priority).toBe(propensity * value * weight);
        if (!fallback) expect(value).toBe(factors.volume * factors.margin * factors.duration);
        expect(weight).toBe(factors.strategy * factors.trigger * factors.lever);
      }
    }), runs));
});

describe('channel advice', () => {
  const costs = { app: 3, web: 0.5 };
  const twoEach: JsonObject = { id: 'two-in-a-channel', kind: 'communication', cap: { outcome: 'presented', max: 2, per: '7d', scope: 'channel' } };
  const advise = async ({ offers: list, rules: book, ...rest }: Drawn, change: GoldenCase['request'] = {}): Promise<Decision> => {
    const catalog = await compile({ schema: { channelCosts: costs }, offers: list, rules: [...book, twoEach] });
    return decideCase({ ...caseOf(rest), request: { direction: 'outbound', limit: 100, ...change } }, catalog);
  };
  const bothChannels = { channels: ['web', 'app'] };
  const entries = ({ offers: list, excluded = [] }: Decision): readonly (Decision['offers'][number] | NonNullable<Decision['excluded']>[number])[] => [...list, ...excluded];

  test('no offer twice, each in its best channel, by expected value', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const { offers: list } = await advise(drawn, bothChannels);
      expect(new Set(list.map(({ offer }) => offer.id)).size).toBe(list.length);
      for (const [i, { channel, channels, cost, priority, expectedValue, offer }] of list.entries()) {
        expect([channels![0]!.channel, cost]).toEqual([channel, costs[channel as 'web' | 'app']]);
        expect(expectedValue).toBe(priority - cost!);
        for (const option of channels!) expect(option.expectedValue > 0 && option.expectedValue <= expectedValue!).toBe(true);
        const before = list[i - 1];
        if (before !== undefined) expect(before.expectedValue! > expectedValue! || (before.expectedValue === expectedValue && before.offer.id < offer.id)).toBe(true);
      }
    }), runs));

  test('what is said of a channel is what a decision for that channel says', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const advice = await advise(drawn, { ...bothChannels, explain: 'full' });
      for (const channel of bothChannels.channels) {
        const alone = entries(await advise(drawn, { channel, explain: 'full' }));
        for (const { offer, channels, channelsLeftOut } of entries(advice)) {
          const own = alone.find((entry) => entry.offer.id === offer.id)!;
          const option = channels!.find((each) => each.channel === channel);
          const refusals = channelsLeftOut!.find((each) => each.channel === channel)?.rejectedBy;
          expect(option === undefined).toBe(refusals !== undefined);
          if (option !== undefined) expect([own.propensity, own.value, own.weight]).toEqual([option.propensity, option.value, option.weight]);
          const inTheMaking = ['expected-value', 'two-in-a-channel', 'r5', 'r6'];      // what the rest of the answer, or its cost, decides
          const told = (own as { rejectedBy?: readonly { rule: string }[] }).rejectedBy ?? [];
          const but = (list: readonly { rule: string }[] = []): string[] => list.map(({ rule }) => rule).filter((rule) => !inTheMaking.includes(rule));
          expect(but(refusals)).toEqual(but(told));
        }
      }
    }), runs));

  test('where rules leave nothing in any channel, each says why in the words of a decision for it alone', () =>
    fc.assert(fc.asyncProperty(situation, fc.constantFrom('none' as const, 'full' as const), async (drawn, explain) => {
      const nothing: JsonObject = { id: 'nothing-now', kind: 'business', require: 'false' };
      const refused: Drawn = { ...(drawn as Drawn), rules: [...(drawn as Drawn).rules, nothing] };
      const beginning = 'Nothing is left to offer';
      const [web, app] = [(await advise(refused, { channel: 'web', explain })).noOfferReason!, (await advise(refused, { channel: 'app', explain })).noOfferReason!].map((words) => words.slice(`${beginning}: `.length));
      expect((await advise(refused, { ...bothChannels, explain })).noOfferReason).toBe(web === app ? `${beginning} in web, app: ${web}` : `${beginning} in web: ${web}; in app: ${app}`);
    }), runs));

  test('a cap per channel is kept over the channels that are chosen', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const { offers: list } = await advise(drawn, bothChannels);
      for (const channel of bothChannels.channels) {
        const before = ((drawn as Drawn).customer?.contacts ?? []).filter((contact) => typeof contact === 'string' && /^presented/.test(contact) && contact.includes(` ${channel} 2026-11`)).length;
        expect(list.filter((offered) => offered.channel === channel).length).toBeLessThanOrEqual(Math.max(0, 2 - before));
      }
    }), runs));

  test('the depth of the explanation changes nothing but the explanation', () =>
    fc.assert(fc.asyncProperty(situation, async (drawn) => {
      const shape = ({ offers: list }: Decision): unknown => list.map(({ offer, rank, channel, channels }) => [offer.id, rank, channel, channels]);
      expect(shape(await advise(drawn as Drawn, bothChannels))).toEqual(shape(await advise(drawn as Drawn, { ...bothChannels, explain: 'full' })));
    }), runs));
});
