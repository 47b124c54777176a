import type { ConsentRecord } from '../../src/customers/customer-store.js';
import type { ConsentChange, ConsentState } from '../../src/service/consents.js';
import { changeConsents, restoreConsents } from '../../src/service/consents.js';

const now = Date.UTC(2026, 10, 23, 10);
const before = now - 86_400_000;
const iso = (time: number): string => new Date(time).toISOString();
const confirmed = (purpose: string, members: Partial<ConsentRecord> = {}): ConsentRecord => ({ purpose, status: 'confirmed', givenAt: before, confirmedAt: before, ...members });
const pending = (purpose: string, members: Partial<ConsentRecord> = {}): ConsentRecord => ({ purpose, status: 'pending', givenAt: before, ...members });
const withdrawn = (record: ConsentRecord, withdrawnAt = now): ConsentRecord => ({ ...record, status: 'withdrawn', withdrawnAt });
const fresh = (purpose: string, members: Partial<ConsentRecord> = {}): ConsentRecord => confirmed(purpose, { givenAt: now, confirmedAt: now, ...members });
const nothing: ConsentState = { consents: [] };
const held = (...consentRecords: ConsentRecord[]): ConsentState => ({ consents: consentRecords.filter(({ status }) => status === 'confirmed').map(({ purpose }) => purpose), consentRecords });
const suspended = (...consentRecords: ConsentRecord[]): ConsentState => ({ consents: [], consentRecords, objection: true });
const change = (consents: ConsentChange['consents'], objection?: boolean): ConsentChange => ({ consents, objection });

/** What was held, what a call says, and what is in force and recorded after it. */
const changes: [string, ConsentState, ConsentChange, readonly string[], readonly ConsentRecord[]][] = [
  ['a name is a consent that is confirmed now', nothing, change(['web']), ['web'], [fresh('web')]],
  ['the same name twice is once', nothing, change(['web', 'web']), ['web'], [fresh('web')]],
  ['the order given is the order kept', held(confirmed('a'), confirmed('b')), change(['b', 'c', 'a']), ['b', 'c', 'a'], [confirmed('a'), confirmed('b'), fresh('c')]],
  ['an object says more', nothing, change([{ purpose: 'web', basis: 'consent', textVersion: '3', source: 'form', givenAt: iso(before) }]), ['web'], [confirmed('web', { basis: 'consent', textVersion: '3', source: 'form' })]],
  ['confirmed later than given', nothing, change([{ purpose: 'web', givenAt: iso(before), confirmedAt: iso(before + 5) }]), ['web'], [confirmed('web', { confirmedAt: before + 5 })]],
  ['confirmed, and nothing said of when it was given', nothing, change([{ purpose: 'web', confirmedAt: iso(before) }]), ['web'], [confirmed('web')]],
  ['a clock ahead of ours counts as now', nothing, change([{ purpose: 'web', givenAt: iso(now + 60_000) }]), ['web'], [fresh('web')]],
  ['a pending one is no consent', nothing, change([{ purpose: 'email', status: 'pending', source: 'form' }]), [], [pending('email', { givenAt: now, source: 'form' })]],
  ['a pending one is confirmed by its name', held(pending('email', { source: 'form' })), change(['email']), ['email'], [confirmed('email', { source: 'form', confirmedAt: now })]],
  ['a pending one is confirmed by an object, which adds what was not known', held(pending('email', { source: 'form' })), change([{ purpose: 'email', textVersion: '3', confirmedAt: iso(now - 9) }]), ['email'], [confirmed('email', { source: 'form', textVersion: '3', confirmedAt: now - 9 })]],
  ['confirmed under another text is another consent', held(pending('email', { textVersion: '2' })), change([{ purpose: 'email', textVersion: '3' }]), ['email'], [withdrawn(pending('email', { textVersion: '2' })), fresh('email', { textVersion: '3' })]],
  ['a pending one that is asked for again stays', held(pending('email')), change([{ purpose: 'email', status: 'pending' }]), [], [pending('email')]],
  ['a pending one that is not listed stays: nobody sees it listed', held(pending('email'), confirmed('web')), change(['web']), ['web'], [pending('email'), confirmed('web')]],
  ['a confirmed one that is listed again stays', held(confirmed('web', { source: 'form' })), change(['web']), ['web'], [confirmed('web', { source: 'form' })]],
  ['a confirmed one that is said again stays', held(confirmed('web', { source: 'form' })), change([{ purpose: 'web', source: 'form', givenAt: iso(before), confirmedAt: iso(before) }]), ['web'], [confirmed('web', { source: 'form' })]],
  ['its evidence is never changed: a renewal is a new record', held(confirmed('web')), change([{ purpose: 'web', source: 'form' }]), ['web'], [withdrawn(confirmed('web')), fresh('web', { source: 'form' })]],
  ['a confirmed one that is pending now is none', held(confirmed('web')), change([{ purpose: 'web', status: 'pending' }]), [], [withdrawn(confirmed('web')), pending('web', { givenAt: now })]],
  ['one that is left out is withdrawn', held(confirmed('web'), confirmed('sms')), change(['sms']), ['sms'], [withdrawn(confirmed('web')), confirmed('sms')]],
  ['all are withdrawn', held(confirmed('web'), confirmed('sms')), change([]), [], [withdrawn(confirmed('web')), withdrawn(confirmed('sms'))]],
  ['given again is a new record', held(withdrawn(confirmed('web'), before + 9)), change(['web']), ['web'], [withdrawn(confirmed('web'), before + 9), fresh('web')]],
  ['records stand by when they were given', held(confirmed('web')), change(['web', { purpose: 'sms', givenAt: iso(before - 1) }]), ['web', 'sms'], [confirmed('sms', { givenAt: before - 1, confirmedAt: before - 1 }), confirmed('web')]],
  ['nothing said changes nothing', held(confirmed('web'), pending('sms')), change(undefined), ['web'], [confirmed('web'), pending('sms')]],
  ['consents of before there were records get one', { consents: ['web', 'sms'] }, change(['web']), ['web'], [fresh('web'), withdrawn(fresh('sms'))]],
  ['an objection suspends all', held(confirmed('web'), pending('sms')), change(undefined, true), [], [confirmed('web'), pending('sms')]],
  ['an objection suspends consents of before there were records', { consents: ['web'] }, change(undefined, true), [], [fresh('web')]],
  ['an objection taken back puts the confirmed ones in force', suspended(confirmed('web'), pending('sms'), withdrawn(confirmed('app'), before)), change(undefined, false), ['web'], [confirmed('web'), pending('sms'), withdrawn(confirmed('app'), before)]],
  ['an objection stands where nothing is said of it', suspended(), change(['web']), [], [fresh('web')]],
  ['an objection that comes with a shorter list withdraws, too', held(confirmed('web'), confirmed('sms')), change(['web'], true), [], [confirmed('web'), withdrawn(confirmed('sms'))]],
  ['what GET gives under an objection can be sent back', suspended(confirmed('web')), change([], true), [], [confirmed('web')]],
  ['an empty list under an objection that is not restated withdraws', suspended(confirmed('web')), change([]), [], [withdrawn(confirmed('web'))]],
  ['what is listed when it is taken back is all that is in force', suspended(confirmed('web'), confirmed('sms')), change(['sms'], false), ['sms'], [withdrawn(confirmed('web')), confirmed('sms')]],
  ['a name like a member of every object', nothing, change(['__proto__', 'constructor']), ['__proto__', 'constructor'], [fresh('__proto__'), fresh('constructor')]],
];

test.each(changes)('%s', (_name, state, changed, consents, records) => {
  const result = changeConsents(state, changed, now);
  expect(result).toEqual({ ok: true, state: { consents, consentRecords: records, ...((changed.objection ?? state.objection) === true && { objection: true }) } });
  // Sent again at once, it changes nothing more.
  if (result.ok) expect(changeConsents(result.state, changed, now)).toEqual(result);
});

const many = (count: number, of: (purpose: string) => ConsentRecord): ConsentRecord[] => Array.from({ length: count }, (_, place) => of(`p-${place}`));
const refusals: [string, ConsentState, ConsentChange, readonly [string, RegExp][]][] = [
  ['given in the future', nothing, change([{ purpose: 'web', givenAt: iso(now + 3_600_000) }]), [['/consents/0/givenAt', /future/]]],
  ['given before 1970', nothing, change(['sms', { purpose: 'web', givenAt: '1969-12-31T23:59:59Z' }]), [['/consents/1/givenAt', /1970/]]],
  ['pending and confirmed', nothing, change([{ purpose: 'web', status: 'pending', confirmedAt: iso(now) }]), [['/consents/0/confirmedAt', /pending/]]],
  ['confirmed before it was given', nothing, change([{ purpose: 'web', givenAt: iso(before), confirmedAt: iso(before - 1) }]), [['/consents/0/confirmedAt', /before givenAt/]]],
  ['one purpose with two meanings', nothing, change(['web', { purpose: 'web', status: 'pending' }]), [['/consents/1/purpose', /twice/]]],
  ['an object and its name', nothing, change([{ purpose: 'web' }, 'web']), [['/consents/1', /twice/]]],
  ['more than 200 records', held(...many(200, (purpose) => withdrawn(confirmed(purpose)))), change(['web']), [['/consents', /201 .* at most 200/]]],
  ['more than 100 open ones', held(...many(100, pending)), change(['web']), [['/consents', /101 .* at most 100/]]],
];
test.each(refusals)('refused: %s', (_name, state, changed, errors) => {
  expect(changeConsents(state, changed, now)).toEqual({ ok: false, errors: errors.map(([pointer, detail]) => ({ pointer, detail: expect.stringMatching(detail) as string })) });
});

test('200 records can all be withdrawn', () => {
  const full = held(...many(100, (purpose) => withdrawn(confirmed(purpose))), ...many(100, confirmed));
  expect(changeConsents(full, change([]), now)).toMatchObject({ ok: true, state: { consents: [] } });
});

const restored: [string, readonly ConsentRecord[], boolean, ConsentChange['consents'], readonly string[] | readonly [string, RegExp][]][] = [
  ['without a list', [confirmed('web'), pending('sms')], false, undefined, ['web']],
  ['with the list that fits, in its order', [confirmed('web'), confirmed('sms')], false, ['sms', 'web'], ['sms', 'web']],
  ['under an objection', [confirmed('web')], true, [], []],
  ['a list of more', [pending('sms')], false, ['sms'], [['/consents', /in force: none/]]],
  ['a list of less', [confirmed('web')], false, [], [['/consents', /in force: web/]]],
  ['a list under an objection', [confirmed('web')], true, ['web'], [['/consents', /objection/]]],
  ['withdrawn, and nobody knows when', [{ ...confirmed('web'), status: 'withdrawn' }], false, undefined, [['/consentRecords/0/withdrawnAt', /withdrawn/]]],
  ['withdrawn, and in force', [{ ...confirmed('web'), withdrawnAt: now }], false, undefined, [['/consentRecords/0/withdrawnAt', /withdrawn/]]],
  ['confirmed, and nobody knows when', [{ purpose: 'web', status: 'confirmed', givenAt: before }], false, undefined, [['/consentRecords/0/confirmedAt', /missing/]]],
  ['pending and confirmed', [pending('web', { confirmedAt: now })], false, undefined, [['/consentRecords/0/confirmedAt', /pending/]]],
  ['twice open', [confirmed('web'), pending('web')], false, undefined, [['/consentRecords/1/purpose', /open record before/]]],
  ['of the future', [confirmed('web', { confirmedAt: now + 3_600_000 })], false, undefined, [['/consentRecords/0/confirmedAt', /future/]]],
  ['of before 1970', [confirmed('web', { givenAt: -1 })], false, undefined, [['/consentRecords/0/givenAt', /1970/]]],
];
test.each(restored)('restored %s', (_name, records, objection, consents, expected) => {
  const result = restoreConsents({ consents: [] }, { consentRecords: records, consents, objection }, now);
  if (result.ok) expect([result.state.consents, result.state.consentRecords, result.state.objection]).toEqual([expected, records, objection ? true : undefined]);
  else expect(result.errors).toEqual((expected as readonly [string, RegExp][]).map(([pointer, detail]) => ({ pointer, detail: expect.stringMatching(detail) as string })));
});
