import { askModels, type Situation } from '../../src/decision/situation.js';
import type { ModelRun } from '../../src/decision/types.js';

const [triggers, storeUnread] = [0, 1];

/** What the slots hold before models run, while they do, and after. */
function slotsOver(history: object | null, active: readonly string[] | undefined): unknown[][] {
  const slots: unknown[] = [active, history === null];
  const situation = { catalog: { layout: { always: { triggers, storeUnread } } }, slots, history } as unknown as Situation;
  const seen = [[...slots]];
  const steps = askModels(situation, [{} as ModelRun]);
  steps.next();
  seen.push([...slots]);
  steps.next([]);
  return [...seen, [...slots]];
}

test('models have no unknown: while they run, what could not be read is missing, and after it is unknown again', () => {
  expect(slotsOver(null, undefined)).toEqual([[undefined, true], [[], false], [undefined, true]]);
});

test('what is known they see as it is', () => {
  expect(slotsOver({}, ['storm'])).toEqual([[['storm'], false], [['storm'], false], [['storm'], false]]);
  expect(slotsOver(null, ['year-end'])).toEqual([[['year-end'], true], [['year-end'], false], [['year-end'], true]]);
});
