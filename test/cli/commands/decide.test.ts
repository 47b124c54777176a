import { jest } from '@jest/globals';
import { readSpecification } from '../../../src/http/specification.js';
import { createAjv } from '../../../src/http/validation.js';
import { renderDecision } from '../../../src/cli/printing/decision-table.js';
import type { DecisionResponse } from '../../../src/service/openapi-types.js';
import { bytesOf, createNbo, type Nbo } from '../in-process.js';

jest.setTimeout(60_000);

let nbo: Nbo;
beforeAll(async () => {
  nbo = createNbo();
  const customers = [
    { id: 'C-1', attributes: { region: 'north', age: 17 } },
    { id: 'C-2', attributes: { region: 'north', age: 40 }, contacts: [{ offerId: 'home-insurance', decisionId: 'd', channel: 'web', outcome: 'declined', occurredAt: '2026-11-20T10:00:00Z' }] },
  ];
  await nbo.run(['import', '-'], { input: bytesOf(customers.map((customer) => JSON.stringify(customer)).join('\n')) });
});
afterAll(() => nbo.remove());

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => Array.from(line).length));

test('a table that a person reads: numbers with their units, what to say, why the others are out', async () => {
  const { code, out, err } = await nbo.run(['decide', '--customer', 'C-1', '--channel', 'call-center', '--explain', 'full', '--context', '{"reason":"moving"}']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^C-1 on call-center, 2026-11-23 10:00 UTC\nStrategy maintain \(maintain\), treatment group, catalog [0-9a-f]{16}\n/);
  expect(out).toMatch(/│ # │ Offer +│ Kind +│ Propensity │ +Value │ Weight │ Priority │/);
  expect(out).toMatch(/│ 1 │ Home insurance +│ cross-sell │ +12\.3 % │ 1,260 SEK │ +1\.5 │ +233\.2 │/);
  expect(out).toMatch(/│ 2 │ Talk to us +│ service +│ +10 % │ +5 SEK │ +1 │ +0\.5 │/);
  expect(out).toContain('│ home-insurance: "While I have you here, may I ask who insures your home today');
  expect(out).toContain('│ - ');
  expect(out).toContain('Refused, so their priority is 0 (1;');
  expect(out).toMatch(/│ credit-card │ +5 % │ 200 SEK │ +0 │ of-age-for-credit-and-everything-else-that-the-l │/);
  expect(out).toContain('Credit is for customers of age');
  expect(widest(out)).toBe(100);
});

test('--channels: each offer in its best channel, and why not in the others', async () => {
  const { code, out, err } = await nbo.run(['decide', '--customer', 'C-2', '--channels', 'web,call-center', '--explain', 'reasons']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^C-2 on web or call-center, /);
  expect(out).toMatch(/│ # │ Offer +│ Kind +│ Channel +│ Propensity │ +Value │ Weight │ Priority │ Expected │/);
  expect(out).toMatch(/│ 1 │ Credit card +│ cross-sell │ web +│/);
  expect(widest(out)).toBeLessThanOrEqual(100);
});

test('--channels: what is merely beyond the limit has its channel and what is expected there, too', async () => {
  const { out } = await nbo.run(['decide', '--customer', 'C-1', '--channels', 'web,call-center', '--limit', '1', '--explain', 'full']);
  expect(out).toContain('Not refused, and not in the answer (1):');
  expect(out).toMatch(/│ Offer +│ Channel +│ Propensity │ +Value │ Priority │ Expected │ Why +│/);
  expect(out).toMatch(/│ contact-us +│ web +│ +10 % │ +5 SEK │ +0\.5 │ +0\.5 │ Beyond the limit of 1 +│/);
  // The numbers of what is refused are for the channel in which it came nearest: nothing is expected of any.
  expect(out).toMatch(/│ Offer +│ Propensity │ +Value │ Priority │ Why +│/);
  expect(widest(out)).toBeLessThanOrEqual(100);
});

test('--json is the answer of the API, on one line', async () => {
  const { code, out } = await nbo.run(['decide', '--customer', 'C-2', '--channel', 'web', '--placement', 'hero,kinds=cross-sell,fallback=contact-us', '--placement', 'side,limit=2', '--json']);
  const answer = JSON.parse(out) as DecisionResponse;
  expect({ code, lines: out.split('\n').length }).toEqual({ code: 0, lines: 2 });
  expect(createAjv(readSpecification()).getSchema('spec#/components/schemas/DecisionResponse')!(answer)).toBe(true);
  expect(answer.offers.map(({ offerId, placement }) => [offerId, placement])).toEqual([['credit-card', 'hero'], ['contact-us', 'side']]);
});

test('--at decides as of then: a later contact is not seen', async () => {
  const offersAt = async (...at: string[]) => (JSON.parse((await nbo.run(['decide', '--customer', 'C-2', '--channel', 'web', '--json', ...at])).out) as DecisionResponse).offers.map(({ offerId }) => offerId);
  expect(await offersAt()).toEqual(['credit-card', 'contact-us']);
  expect(await offersAt('--at', '2026-11-19T10:00:00Z')).toEqual(['home-insurance', 'credit-card', 'contact-us']);
});

test('nothing is recorded', async () => {
  const before = await nbo.run(['export']);
  await nbo.run(['decide', '--customer', 'C-1', '--channel', 'web']);
  expect(await nbo.run(['export'])).toEqual(before);
});

test('an id that is not known is a visitor, and it is said', async () => {
  const { code, out, err } = await nbo.run(['decide', '--customer', 'C-1O', '--channel', 'web']);
  expect({ code, err }).toEqual({ code: 0, err: 'There is no customer "C-1O" in the store; decided as for a visitor.\n' });
  expect(out).toContain('Home insurance');
  expect((await nbo.run(['decide', '--channel', 'web'])).out).toContain('A visitor on web, ');
});

test('a catalog that cannot be used is told with its problems', async () => {
  const broken = createNbo();
  broken.write('catalog/offers/offers.yaml', '- { id: x, name: X, kind: cross-sel, value: { volume: 1, margin: 1, duration: 1 }, propensity: { prior: 0.1 } }\n');
  const { code, out, err } = await broken.run(['decide', '--channel', 'web']);
  broken.remove();
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/cannot be used:\noffers\/offers\.yaml:1:\d+ \/0\/kind .*cross-sell/);
});

describe('the table by itself', () => {
  const offer = { rank: 1, offerId: 'o', name: 'Offer', kind: 'service', propensity: 0.5, value: 10, weight: 1, priority: 5, factors: { volume: 1, margin: 10, duration: 1, strategy: 1, trigger: 1, lever: 1 }, fallback: false } as const;
  const decision: DecisionResponse = { decisionId: 'd', customerId: 'C-1', decidedAt: '2026-11-23T10:00:00.000Z', channel: 'web', group: 'treatment', strategy: { id: 's', objective: 'o' }, offers: [offer], degraded: [], catalogRevision: 'r' };
  const look = { currency: 'SEK', columns: undefined, colour: false };
  const excluded = { offerId: 'x', propensity: 0.1, value: null, weight: 1, priority: 0, rejectedBy: [{ rule: 'a-rule', kind: 'business', reason: 'Not now' }, { rule: 'value', kind: 'value', reason: 'Not known' }] } as const;

  test.each([
    ['nothing to offer', { offers: [], noOfferReason: 'Nothing is left' }, 'No offer: Nothing is left.'],
    ['an empty placement', { emptyPlacements: [{ id: 'hero', reason: 'No offer is left' }] }, 'Placement hero is empty: No offer is left.'],
    ['what was done without', { degraded: ['limits', 'model:accept'] }, 'Decided without: limits, model:accept'],
    ['the control group', { group: 'control' }, 'control group'],
    ['a fallback', { offers: [{ ...offer, placement: 'hero', fallback: true }] }, 'hero (fallback)'],
    ['what a trigger said', { outboundContacts: [{ occurredAt: '2026-11-22T09:15:00.000Z', channel: 'sms', offerId: 'cover', trigger: 'moved', outcome: 'clicked' }] }, 'Said by ourselves on 2026-11-22 09:15 UTC: cover by sms (moved), clicked.'],
    ['and one without a name', { outboundContacts: [{ occurredAt: '2026-11-22T09:15:00.000Z', channel: 'sms', offerId: 'cover', outcome: 'presented' }] }, 'cover by sms, presented.'],
    ['every rule that said no', { excluded: [excluded] }, 'a-rule: Not now'],
    ['and the next one', { excluded: [excluded] }, 'value: Not known'],
    ['a value that is not known', { excluded: [excluded] }, 'not known'],
    ['a small propensity', { offers: [{ ...offer, propensity: 0.000123 }] }, ' 0.0123 % '],
    ['a headline', { offers: [{ ...offer, treatment: { channel: 'web', cta: { label: 'Go' }, headline: 'Look here' } }] }, 'o: "Look here"'],
    ['whatever text a treatment has', { offers: [{ ...offer, treatment: { channel: 'web', stage: 'act', wording: 'Hello' } }] }, 'o: "Hello"'],
  ] as [string, Partial<DecisionResponse>, string][])('shows %s', (_name, changes, shown) => {
    expect(renderDecision({ ...decision, ...changes }, look)).toContain(shown);
  });

  test('what was refused stands after what was not, each in the order of the answer', () => {
    const of = (offerId: string, priority: number): NonNullable<DecisionResponse['excluded']>[number] => (priority === 0 ? { ...excluded, offerId } : { ...excluded, offerId, value: 1, priority, rejectedBy: [], note: 'Beyond the limit of 3' });
    const list = [of('refused-1', 0), of('next-1', 416), of('refused-2', 0), of('next-2', 26)];
    const told = renderDecision({ ...decision, excluded: list }, look).split('\n').flatMap((line) => /^(?:Not refused|Refused)[^(]*\(\d+|(?:next|refused)-\d/.exec(line)?.[0] ?? []);
    expect(told).toEqual(['Not refused, and not in the answer (2', 'next-1', 'next-2', 'Refused, so their priority is 0 (2', 'refused-1', 'refused-2']);
    expect(renderDecision({ ...decision, excluded: [] }, look)).toBe(renderDecision(decision, look));
  });

  test('long names and reasons stay within 100 columns, and within a narrower terminal', () => {
    const long = 'a-name-without-any-space-that-goes-on-and-on-and-on-for-longer-than-any-column-can-be-wide';
    const full = { ...decision, offers: [{ ...offer, name: long, placement: 'hero', reasons: [`${long} ${long}`] }], excluded: [{ ...excluded, offerId: long, rejectedBy: [{ rule: long, kind: 'business' as const, reason: long }] }] };
    for (const columns of [undefined, 300, 100, 88]) expect(widest(renderDecision(full, { ...look, columns }))).toBeLessThanOrEqual(Math.min(columns ?? 100, 100));
  });

  test('text cannot command the terminal', () => {
    const hostile = { ...decision, customerId: 'C\u001b[2J', offers: [{ ...offer, name: 'O\u001b]0;x\u0007', treatment: { text: 'a\r\u202eb' }, reasons: ['r\u0000'] }] };
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(renderDecision(hostile, look)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  });

  test.each([
    ['a terminal', true, {}, true],
    ['a terminal, NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal, NO_COLOR empty', true, { NO_COLOR: '' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a file', false, {}, false],
  ])('colour on %s', async (_name, isTerminal, environment, coloured) => {
    let out = '';
    await nbo.run(['decide', '--channel', 'web'], { environment: { ...nbo.environment, ...environment }, output: { isTerminal, columns: 100, write: (text) => { out += text; return Promise.resolve(); } } });
    expect(out.includes('\u001b[')).toBe(coloured);
  });
});
