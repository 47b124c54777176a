import { decide } from '../../src/decision/pipeline.js';
import { compile } from '../support/golden-case.js';
import type { Catalog, Condition, DecisionRequest, GroupEvent } from '../../src/decision/types.js';

const now = Date.parse('2026-11-23T10:00:00Z');
const storms: readonly GroupEvent[] = Array.from({ length: 5 }, (_, place) => ({ id: `s-${place}`, source: '/weather', type: 'storm', occurredAt: now - (5 - place) * 60_000, data: { region: place % 2 === 0 ? 'north' : 'south', level: place } }));
const trigger = (id: string, matches: string, more: object = {}) => ({ id, type: 'external', on: { event: 'storm' }, matches, window: '1d', effect: { weight: 1 }, ...more });

/** The catalog, with a count of how often each `matches` is asked. */
async function counting(triggers: readonly ReturnType<typeof trigger>[]): Promise<{ catalog: Catalog; asked: Map<string, number> }> {
  const catalog = await compile({ offers: [{ id: 'card' }], events: { storm: {} }, triggers });
  const asked = new Map<string, number>();
  const counted = (condition: Condition): Condition => ({ ...condition, evaluate: (slots) => {
    asked.set(condition.source, (asked.get(condition.source) ?? 0) + 1);
    return condition.evaluate(slots);
  } });
  return { asked, catalog: { ...catalog, triggers: catalog.triggers.map((each) => (each.start.type === 'event' && each.start.matches !== null ? { ...each, start: { ...each.start, matches: counted(each.start.matches) } } : each)) } };
}

function activeIn(catalog: Catalog): readonly string[] {
  const request: DecisionRequest = { channel: 'web', direction: 'inbound', limit: 3, placements: null, context: {}, explain: 'full' };
  const customer = { id: 'C-1', profile: { attributes: { region: 'north' }, consents: [], holdings: [] }, contacts: [], groupEvents: storms, limitUsage: new Map() };
  const step = decide({ catalog, request, customer, now, contested: new Set() }).next();
  if (step.done !== true) throw new Error('no model is asked');
  return step.value.triggers!.filter(({ state }) => state === 'active').map(({ id }) => id);
}

test('triggers that ask the same of the same events are answered together', async () => {
  const north = 'customer.region == event.data.region';
  const { catalog, asked } = await counting([
    ...Array.from({ length: 50 }, (_, place) => trigger(`n-${place}`, north, { window: `${place + 1}m`, rest: '1d' })),
    trigger('level', 'event.data.level > 9.0'),
  ]);
  // The north's storms came five, three and one minute ago: of windows of one and two minutes the second falls into the rest.
  expect(activeIn(catalog)).toEqual(Array.from({ length: 48 }, (_, place) => `n-${place + 2}`));
  expect([...asked]).toEqual([[north, storms.length], ['event.data.level > 9.0', storms.length]]);
});

test('another `when` is another question', async () => {
  const { catalog } = await counting([trigger('all', 'true'), trigger('strong', 'true', { on: { event: 'storm', when: 'event.data.level >= 9.0' } })]);
  expect(activeIn(catalog)).toEqual(['all']);
});
