import fc from 'fast-check';
import { addEvent, noEvents } from '../../src/customers/event-ledger.js';
import { activationAt, concerns, ends } from '../../src/decision/activation.js';
import type { Contact, CustomerEvents, Trigger } from '../../src/decision/types.js';

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const at = (days: number): number => start + days * dayMs;

function trigger({ opensAfter = 0, window, rest = 0, endsWith = ['accepted'] }: { opensAfter?: number; window: number; rest?: number; endsWith?: Trigger['endsWith'] }): Trigger {
  return {
    id: 't', type: 'journey', fromMs: -Infinity, untilMs: Infinity, audience: null, fromPartner: false, endsWith, restMs: rest * dayMs, priority: Infinity, outbound: null, control: 0,
    start: { type: 'event', event: 'e', when: null, matches: null, whenReadsHistory: false, opensAfterMs: opensAfter * dayMs, windowMs: window * dayMs },
    effect: { weight: 2, offers: new Set(['card']), kinds: null, unlocks: new Set() },
  };
}
const accepted = (days: number, offerId = 'card', outcome: Contact['outcome'] = 'accepted'): Contact => ({ offerId, decisionId: 'd', kind: 'cross-sell', channel: 'web', outcome, occurredAt: at(days) });

/** In days: [started, opens, closes], and whether a contact ended it. */
type Found = [number, number, number, boolean] | null;
const inDays = (time: number): number => (time - start) / dayMs;
function find(now: number, how: Parameters<typeof trigger>[0], days: readonly number[], contacts: readonly Contact[]): Found {
  const found = activationAt(at(now), trigger(how), days.map(at), contacts, new Map());
  return found && [inDays(found.startedAt), inDays(found.opensAt), inDays(found.closesAt), found.endedBy !== null];
}

const table: [string, Parameters<typeof trigger>[0], number[], Contact[], Found][] = [
  ['no event', { window: 7 }, [], [], null],
  ['an event opens its window', { window: 7 }, [0], [], [0, 0, 7, false]],
  ['one that comes while it is active prolongs it', { window: 7 }, [0, 6], [], [0, 0, 13, false]],
  ['and again', { window: 7 }, [0, 6, 12], [], [0, 0, 19, false]],
  ['one at the end of the window begins anew', { window: 7 }, [0, 7], [], [7, 7, 14, false]],
  ['one in the rest does nothing', { window: 7, rest: 10 }, [0, 7, 16.9], [], [0, 0, 7, false]],
  ['one after the rest begins anew', { window: 7, rest: 10 }, [0, 7, 17], [], [17, 17, 24, false]],
  ['it opens later than the event', { opensAfter: 240, window: 60 }, [0], [], [0, 240, 300, false]],
  ['a second event before it opens prolongs it', { opensAfter: 240, window: 60 }, [0, 30], [], [0, 240, 330, false]],
  ['a contact ends it', { window: 30 }, [0], [accepted(5)], [0, 0, 5, true]],
  ['the first one does', { window: 30 }, [0], [accepted(5), accepted(6)], [0, 0, 5, true]],
  ['one before the event ends nothing', { window: 30 }, [10], [accepted(5)], [10, 10, 40, false]],
  ['one at the same moment does', { window: 30 }, [5], [accepted(5)], [5, 5, 5, true]],
  ['one before it opens ends it, too', { opensAfter: 20, window: 30 }, [0], [accepted(5)], [0, 20, 5, true]],
  ['one after the window ends nothing', { window: 30 }, [0], [accepted(30)], [0, 0, 30, false]],
  ['one of another offer ends nothing', { window: 30 }, [0], [accepted(5, 'loan')], [0, 0, 30, false]],
  ['another outcome ends nothing', { window: 30 }, [0], [accepted(5, 'card', 'clicked')], [0, 0, 30, false]],
  ['an event after the end begins anew, where there is no rest', { window: 30 }, [0, 6], [accepted(5)], [6, 6, 36, false]],
  ['with a rest it does not', { window: 30, rest: 10 }, [0, 6, 14], [accepted(5)], [0, 0, 5, true]],
  ['the rest counts from the end', { window: 30, rest: 10 }, [0, 6, 15], [accepted(5)], [15, 15, 45, false]],
  ['a prolonged one is ended, too', { window: 7 }, [0, 6, 12], [accepted(14)], [0, 0, 14, true]],
  ['without a window it lasts until it is ended', { window: Infinity }, [0, 50], [], [0, 0, Infinity, false]],
  ['and ends', { window: Infinity, rest: 10 }, [0, 50, 55], [accepted(52)], [0, 0, 52, true]],
];
test.each(table)('%s', (_name, how, days, contacts, expected) => {
  expect(find(1000, how, days, contacts)).toEqual(expected);
});

describe('an event whose window opens later is another activation, and takes nothing from the one before', () => {
  const service = { opensAfter: 240, window: 60 };
  const resting = { ...service, rest: 30 };
  const rows: [string, Parameters<typeof trigger>[0], number[], Contact[], number, Found][] = [
    ['the one that is open counts', service, [0, 69], [], 245, [0, 240, 300, false]],
    ['until it closes', service, [0, 69], [], 300, [69, 309, 369, false]],
    ['also where the other event has just come', { opensAfter: 2, window: 3 }, [0, 4], [], 4, [0, 2, 5, false]],
    ['the one that opens first counts before it opens', service, [0, 69, 140], [], 200, [0, 240, 300, false]],
    ['each in turn', service, [0, 69, 140], [], 369, [140, 380, 440, false]],
    ['at last the last', service, [0, 69], [], 400, [69, 309, 369, false]],
    ['one that opens when the other closes begins anew, too', service, [0, 60], [], 299, [0, 240, 300, false]],
    ['what overlaps is one', service, [0, 69, 30], [], 245, [0, 240, 369, false]],
    ['a contact ends all whose events have happened', service, [0, 69], [accepted(250)], 310, [69, 309, 250, true]],
    ['and none whose event comes later', service, [0, 260], [accepted(250)], 500, [260, 500, 560, false]],
    ['one that would open within the rest does nothing', resting, [0, 69], [], 310, [0, 240, 300, false]],
    ['one whose event comes within the rest and that opens after it does', resting, [0, 290, 310], [], 330, [290, 530, 610, false]],
  ];
  test.each(rows)('%s', (_name, how, days, contacts, now, expected) => {
    expect(find(now, how, [...days].sort((a, b) => a - b), contacts)).toEqual(expected);
  });

  test('without a rest it is active exactly while the window of some event is open that no contact since has ended', () => {
    const day = fc.integer({ min: 0, max: 40 });
    const few = fc.array(day, { maxLength: 7 }).map((days) => days.sort((a, b) => a - b));
    fc.assert(fc.property(few, few, fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 60 }), (events, accepts, opensAfter, window, now) => {
      const known = events.filter((event) => event <= now);
      const since = accepts.filter((accept) => accept <= now);
      const open = known.some((event) => event + opensAfter <= now && now < event + opensAfter + window && !since.some((accept) => accept >= event && accept <= now));
      const found = find(now, { opensAfter, window }, known, since.map((accept) => accepted(accept)));
      expect(found !== null && found[1] <= now && now < found[2]).toBe(open);
    }), { seed: 20_261_127, numRuns: 2000 });
  });
});

describe('what an effect concerns, and so which offers end it', () => {
  const effect = (members: { offers?: string[]; kinds?: string[]; unlocks?: string[] }): Trigger['effect'] => ({ weight: 2, offers: members.offers === undefined ? null : new Set(members.offers), kinds: members.kinds === undefined ? null : new Set(members.kinds), unlocks: new Set(members.unlocks) });
  const rows: [string, Parameters<typeof effect>[0], string[]][] = [
    ['offers', { offers: ['card'] }, ['card']],
    ['kinds', { kinds: ['loyalty'] }, ['thanks']],
    ['both', { offers: ['card'], kinds: ['loyalty'] }, ['card', 'thanks']],
    ['what it unlocks', { unlocks: ['shelter'] }, ['shelter']],
    ['what it unlocks beside offers', { offers: ['card'], unlocks: ['shelter'] }, ['card', 'shelter']],
    ['what it unlocks beside kinds', { kinds: ['loyalty'], unlocks: ['shelter'] }, ['shelter', 'thanks']],
    ['nothing, and so all', {}, ['card', 'loan', 'shelter', 'thanks']],
  ];
  test.each(rows)('%s', (_name, members, expected) => {
    const how = { ...trigger({ window: 7 }), effect: effect(members) };
    const kindOf = (id: string): Contact['kind'] => (id === 'thanks' ? 'loyalty' : 'cross-sell');
    const ids = ['card', 'loan', 'shelter', 'thanks'];
    expect(ids.filter((id) => concerns(how, id, kindOf(id)))).toEqual(expected);
    expect(ids.filter((id) => ends({ ...accepted(1, id), kind: kindOf(id) }, how, new Map()))).toEqual(expected);
  });
});

describe('what is kept of the events tells the same as all of them', () => {
  /** By chance, but the same each time: so many events a day for 400 days. */
  const stream = (perDay: number): number[] => {
    let state = 7;
    return Array.from({ length: Math.floor(400 * perDay) }, () => at((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 * 400)).sort((a, b) => a - b);
  };
  const isActive = (how: Trigger, times: readonly number[], contacts: readonly Contact[], now: number): boolean => {
    const activation = activationAt(now, how, times, contacts.filter(({ occurredAt }) => occurredAt <= now), new Map());
    return activation !== null && now >= activation.opensAt && now < activation.closesAt;
  };
  /** Asked twice a day, the share of answers that differ, and of those that say active. */
  const compare = (given: Parameters<typeof trigger>[0], times: readonly number[], contacts: readonly Contact[], whole = false): { wrong: number; active: number } => {
    const how = trigger(given);
    if (how.start.type !== 'event') throw new Error('It starts by an event.');
    const timing = { opensAfterMs: how.start.opensAfterMs, windowMs: how.start.windowMs, restMs: how.restMs };
    let events: CustomerEvents = noEvents;
    let arrived = 0;
    let [wrong, active, asked] = [0, 0, 0];
    for (let now = at(0); now < at(400); now += dayMs / 2, asked++) {
      for (; arrived < times.length && times[arrived]! <= now; arrived++) {
        events = addEvent(events, { type: 'e', fromPartner: false, occurredAt: times[arrived]!, matches: [{ trigger: 't', timing, ...(whole && { event: { source: 's', data: { n: arrived } } }) }] }, { late: false });
      }
      const expected = isActive(how, times.slice(0, arrived), contacts, now);
      if (expected) active++;
      if (isActive(how, events.matches.map(({ occurredAt }) => occurredAt), contacts, now) !== expected) wrong++;
    }
    return { wrong: wrong / asked, active: active / asked };
  };
  const weekly = Array.from({ length: 58 }, (_, week) => at(week * 7));

  test('an event a week, active for a week, then a rest of 90 days: each time again', () => {
    const { wrong, active } = compare({ window: 7, rest: 90 }, weekly, []);
    expect(wrong).toBe(0);
    expect(active).toBeCloseTo(5 * 7 / 400, 2);
  });

  test.each<[string, Parameters<typeof trigger>[0], number, boolean, number]>([
    ['few events', { window: 7, rest: 20 }, 0.1, false, 0],
    ['few events, kept whole', { window: 7, rest: 20 }, 0.1, true, 0],
    ['many events', { window: 7, rest: 20 }, 3, false, 0],
    ['many events that never let it end', { window: 2 }, 10, false, 0],
    ['a short window, a long rest', { window: 0.25, rest: 90 }, 10, false, 0.03],
    ['a short window, a long rest, kept whole', { window: 0.25, rest: 90 }, 10, true, 0.2],
    ['it opens long after', { opensAfter: 100, window: 1, rest: 3 }, 1, false, 0.05],
    ['it opens long after, by few events', { opensAfter: 100, window: 1, rest: 3 }, 0.3, false, 0],
    ['it opens long after, and by more than are kept', { opensAfter: 240, window: 0.5, rest: 30 }, 1, false, 0.05],
    ['it opens long after, for long', { opensAfter: 240, window: 60 }, 0.01, false, 0],
    ['it opens long after, for long, by many events', { opensAfter: 240, window: 60 }, 1, false, 0],
    ['it opens long after, for long, kept whole', { opensAfter: 240, window: 60 }, 0.03, true, 0],
    ['it opens long after, for a short time, kept whole', { opensAfter: 100, window: 0.5 }, 0.3, true, 0.05],
    ['it opens after, for a short time, kept whole', { opensAfter: 30, window: 2 }, 0.3, true, 0],
  ])('%s', (_name, how, perDay, whole, most) => {
    expect(compare(how, stream(perDay), [], whole).wrong).toBeLessThanOrEqual(most);
  });

  // A contact of before what is kept is not seen, so a rest may be cut short where events come often.
  test.each([[0.02, 0], [0.1, 0.05], [3, 0.05]])('with contacts that end it, at %d events a day', (perDay, most) => {
    const contacts = [15, 40, 77, 130, 131, 200, 260, 333].map((day) => accepted(day));
    expect(compare({ window: 10, rest: 30 }, stream(perDay), contacts).wrong).toBeLessThanOrEqual(most);
  });
});
