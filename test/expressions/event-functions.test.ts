import { openEventHistory } from '../../src/decision/event-history.js';
import type { CustomerEvents, Slots } from '../../src/decision/types.js';
import { typeFromJsonSchema } from '../../src/expressions/json-schema-type.js';
import { createEnvironment } from '../../src/expressions/environment.js';
import { allRoots, compileWith, fill, noon } from './fixture.js';

const dayMs = 86_400_000;
const day = Math.floor(noon / dayMs);
const anything = typeFromJsonSchema({ type: 'object' });
const environment = () => createEnvironment({ customer: anything, context: anything, offer: anything, events: ['purchase', 'visit', 'quote.saved'] });

/** Five purchases, each week one, the last a day ago; visits by the population's rhythm. */
const events: CustomerEvents = {
  trails: [{ type: 'purchase', fromPartner: false, total: 9, recent: [29, 22, 15, 8, 1].map((ago) => noon - ago * dayMs), days: [29, 22, 15, 8, 1].map((ago) => ({ day: day - ago, count: ago === 29 ? 5 : 1 })) }],
  matches: [],
};

function slotsFor(source: string, storeUnread = false): { slots: Slots; expression: ReturnType<typeof compileWith> } {
  const made = environment();
  const expression = compileWith(made, source);
  const slots = fill(made, {});
  const { always } = made.layout();
  slots[always.storeUnread] = storeUnread;
  slots[always.events] = storeUnread ? undefined : openEventHistory({ events, rhythms: new Map([['visit', 10 * dayMs]]) }, { events: new Map() }, noon);
  return { slots, expression };
}

describe('the history of events in a condition', () => {
  test.each<[string, unknown]>([
    ['eventCount("purchase")', 9], ['eventCount("visit")', 0], ['eventCount("purchase", duration("8d"))', 1], ['eventCount("purchase", duration("9d"))', 2],
    ['eventCount("purchase", duration("60d")) >= 9', true], ['sinceLastEvent("purchase")', dayMs], ['sinceLastEvent("purchase") > duration("12h")', true],
    ['sinceLastEvent("visit")', undefined], ['usualInterval("purchase")', 7 * dayMs], ['usualInterval("visit")', 10 * dayMs], ['usualInterval("quote.saved")', undefined],
    ['sinceLastEvent("visit") > duration("1d") || true', true], ['sinceLastEvent("visit") > duration("1d") && false', false],
  ])('%s', (source, value) => {
    const { slots, expression } = slotsFor(source);
    expect(expression.evaluate(slots)).toEqual(value);
  });

  test.each(['eventCount("purchase")', 'eventCount("visit") == 0', 'sinceLastEvent("purchase")', 'usualInterval("visit")'])('%s is unknown where the store could not be read', (source) => {
    const { slots, expression } = slotsFor(source, true);
    expect(expression.mayBeUnknown || source.startsWith('eventCount')).toBe(true);
    expect(expression.evaluate(slots)).toBeUndefined();
    expect(expression.missing(slots)).toHaveLength(1);
  });

  test('what is missing is said in the words of the condition', () => {
    const { slots, expression } = slotsFor('sinceLastEvent("visit") > duration("1d")');
    expect(expression.evaluate(slots)).toBeUndefined();
    expect(expression.missing(slots)).toEqual(['sinceLastEvent("visit")']);
  });

  test.each<[string, RegExp]>([
    ['eventCount("purchas") > 1', /^there is no event type "purchas" in triggers\/events\.yaml; did you mean "?purchase"?\??$/],
    ['sinceLastEvent("wholly-other") > duration("1d")', /^there is no event type "wholly-other" in triggers\/events\.yaml$/],
    ['eventCount(customer.favourite) > 1', /^eventCount needs the event type in quotes: eventCount\("purchase"\)$/],
    ['eventCount("pur" + channel) > 1', /^eventCount needs the event type in quotes: eventCount\("purchase"\)$/],
    ['eventCount() > 1', /eventCount/], ['eventCount(3) > 1', /eventCount/], ['eventCount("purchase", 3) > 1', /eventCount/], ['eventCount("purchase", duration("1d"), 1) > 1', /eventCount/],
    ['sinceLastEvent("purchase", duration("1d")) > duration("1d")', /sinceLastEvent/], ['sinceLastEvent("purchase") > 3', /./], ['usualInterval() > duration("1d")', /usualInterval/], ['"purchase".eventCount() > 1', /eventCount/],
  ])('%s is a problem in plain words', (source, said) => {
    const compiled = environment().compile(source, { roots: allRoots, expect: 'bool' });
    expect(compiled.ok ? [] : compiled.problems.map(({ message }) => message)).toEqual([expect.stringMatching(said)]);
  });
});
