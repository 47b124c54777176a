import * as fc from 'fast-check';
import type { CustomerValue } from '../../../src/customers/values/customer-value.js';
import { decodeCustomer, encodeCustomer } from '../../../src/customers/values/customer-value.js';
import { noEvents } from '../../../src/customers/event-ledger.js';
import { UnreadableValue } from '../../../src/customers/values/bytes.js';
import type { ConsentRecord } from '../../../src/customers/customer-store.js';
import type { Contact, CustomerEvents, JsonObject, Outcome } from '../../../src/decision/types.js';
import { contact, now, profile, records } from '../../contracts/customer-samples.js';

const sample: CustomerValue = {
  profile: { attributes: { age: 41 }, consents: ['web'], holdings: [], timeZone: 'Europe/Oslo' },
  contacts: [
    { decisionId: 'd-1', offerId: 'card', kind: 'cross-sell', channel: 'web', placement: 'hero', outcome: 'presented', occurredAt: 1_795_428_000_000 },
    { decisionId: 'd-1', offerId: 'card', kind: 'cross-sell', channel: 'web', outcome: 'declined', occurredAt: 1_795_428_060_000, reason: 'för dyrt', value: -1.5 },
    { activity: 'invoice', channel: 'email', outcome: 'delivered', occurredAt: 1_795_428_060_000 },
  ],
  events: noEvents,
  profileVersion: 7,
  ledgerVersion: 300,
};

const latin1 = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

describe('golden bytes: what version 1 wrote, every later version reads', () => {
  const head = [
    '07', 'ac02',                                                                          // format, the versions 7 and 300
    '01', '53', latin1('{"attributes":{"age":41},"consents":["web"],"holdings":[],"timeZone":"Europe/Oslo"}'),
    '0b', '09', '03', '03', '04', '0a', '04', '08', '08', '09', '05', '07',                      // 11 strings and their lengths
    '01', '46', latin1('presentedwebd-1cardcross-sellherodeclinedför dyrtdeliveredemailinvoice'),
  ].join('');
  const rest = [
    '03',                                                                                        // 3 contacts
    '17', '8084c9fdc068', '00', '01', '02', '03', '04', '05',                                    // flags, time (zigzag), strings in order
    '67', 'c0a907', '06', '01', '02', '03', '04', '07', '000000000000f8bf',                      // 60 s later; a reason and the value -1.5
    '08', '00', '08', '09', '0a',                                                                // at the same time; an activity
  ].join('');
  const golden = `01${head}${rest}`;

  test('are read', () => {
    expect(decodeCustomer(Buffer.from(golden, 'hex'))).toEqual(sample);
  });

  test('are written as version 5: the same, and that there are no UUIDs, no list of consent records and no events', () => {
    expect(encodeCustomer(decodeCustomer(Buffer.from(golden, 'hex'))).toString('hex')).toBe(`05${head}00${rest}000000`);
  });
});

describe('golden bytes of version 2', () => {
  const withRecords: CustomerValue = {
    profile: {
      attributes: {}, consents: [], holdings: [], objection: true,
      consentRecords: [
        { purpose: 'email', status: 'pending', givenAt: 1_795_428_000_000 },
        { purpose: 'web', status: 'withdrawn', basis: 'consent', textVersion: '2', source: 'web', givenAt: 1_795_428_000_000, confirmedAt: 1_795_428_060_000, withdrawnAt: 1_795_427_999_999 },
      ],
    },
    contacts: [], events: noEvents, profileVersion: 1, ledgerVersion: 2,
  };
  const head = [
    '01', '02',
    '01', '3e', latin1('{"attributes":{},"consents":[],"holdings":[],"objection":true}'),
    '04', '05', '03', '07', '01', '01', '10', latin1('emailwebconsent2'),                        // the strings
  ].join('');
  const rest = [
    '00',                                                                                        // no contacts
    '03',                                                                                        // 2 records
    '00', '00', '80c2e4bea034',                                                                  // pending, place of "email", givenAt
    '7e', '01', '02', '03', '01', '80c2e4bea034', 'c0a907', '01',                                // flags and status, strings, givenAt; 60 s later; 1 ms before
  ].join('');
  const golden = `02${head}${rest}`;

  test('are read', () => {
    expect(decodeCustomer(Buffer.from(golden, 'hex'))).toEqual(withRecords);
  });

  test('are written as version 5: the same, and that there are no UUIDs and no events', () => {
    expect(encodeCustomer(withRecords).toString('hex')).toBe(`05${head}00${rest}0000`);
  });
});

describe('golden bytes of version 3', () => {
  const withEvents: CustomerValue = {
    profile: { attributes: {}, consents: [], holdings: [] },
    contacts: [{ decisionId: '018f3b1e-7c2a-7d3e-9f4a-0000000a11ce', channel: 'web', outcome: 'clicked', occurredAt: 1_795_428_000_000 }],
    profileVersion: 1, ledgerVersion: 2,
    events: {
      trails: [
        { type: 'purchase', fromPartner: false, total: 300, recent: [1_795_428_000_000, 1_795_428_060_000], days: [{ day: 20_700, count: 298 }, { day: 20_780, count: 2 }] },
        { type: 'scan', fromPartner: true, total: 1, recent: [1_795_428_000_000], days: [{ day: 20_780, count: 1 }] },
      ],
      matches: [
        { trigger: 'moved', fromPartner: false, occurredAt: 1_795_428_060_000 },
        { trigger: 'storm', fromPartner: true, occurredAt: 1_795_428_000_000, event: { source: 's', data: { a: 1 } } },
      ],
    },
  };
  const bytesOf = (format: string, matches: string): string => [
    format, '01', '02',
    '01', '2d', latin1('{"attributes":{},"consents":[],"holdings":[]}'),
    '06', '07', '03', '08', '04', '05', '05', '01', '20', latin1('clickedwebpurchasescanmovedstorm'),      // the texts
    '01', '018f3b1e7c2a7d3e9f4a0000000a11ce',                                                    // a UUID, of place 6
    '01', '01', '8084c9fdc068', '00', '01', '06',                                                // a contact of a decision
    '00',                                                                                        // no list of records
    '02',                                                                                        // 2 trails
    '02', '00', 'ac02', '02', '80c2e4bea034', 'e0d403', '02', 'dca101', 'aa02', '50', '02',      // type, ours, 300 in all; 2 times, the second 60 s later; 2 days with their counts
    '03', '01', '01', '01', '80c2e4bea034', '01', 'aca201', '01',                                // a partner's
    matches,
  ].join('');
  const golden = bytesOf('03', [
    '02',                                                                                        // 2 matches
    '04', '00', 'c0add0fdc068',                                                                  // trigger, ours, time (zigzag)
    '05', '03', 'bfa907', '01', '0d', latin1('["s",{"a":1}]'),                                   // a partner's with its event; 60 s before
  ].join(''));

  test('are read', () => {
    expect(decodeCustomer(Buffer.from(golden, 'hex'))).toEqual(withEvents);
  });

  test('are written as version 5: the same', () => {
    expect(encodeCustomer(withEvents).toString('hex')).toBe(`05${golden.slice(2)}`);
  });

  describe('and of version 4', () => {
    const ended: CustomerValue = { ...withEvents, events: { ...withEvents.events, matches: withEvents.events.matches.map((match, place) => ({ ...match, endsAt: match.occurredAt + (place === 0 ? 15 : 200) * 86_400_000 })) } };
    const itsGolden = bytesOf('04', [
      '02',
      '04', '04', 'c0add0fdc068', '0f',                                                          // ends after 15 days
      '05', '07', 'bfa907', '01', '0d', latin1('["s",{"a":1}]'), 'c801',                         // after 200
    ].join(''));

    test('are read', () => expect(decodeCustomer(Buffer.from(itsGolden, 'hex'))).toEqual(ended));
    test('are written as version 5: the same', () => expect(encodeCustomer(ended).toString('hex')).toBe(`05${itsGolden.slice(2)}`));
  });
});

describe('golden bytes of version 5', () => {
  const byTrigger: CustomerValue = { ...sample, profile: { attributes: {}, consents: [], holdings: [] }, contacts: [{ offerId: 'card', channel: 'web', outcome: 'presented', occurredAt: 1_795_428_000_000, trigger: 'moved' }, { channel: 'web', outcome: 'presented', occurredAt: 1_795_428_000_000, trigger: '', value: -1.5 }] };
  const golden = [
    '05', '07', 'ac02',
    '01', '2d', latin1('{"attributes":{},"consents":[],"holdings":[]}'),
    '05', '09', '03', '04', '05', '00', '01', '15', latin1('presentedwebcardmoved'), '00',       // 5 strings, and no UUIDs
    '02',                                                                                        // 2 contacts
    '82', '8084c9fdc068', '00', '01', '02', '03',                                                // of a trigger
    'c0', '00', '00', '01', '04', '000000000000f8bf',                                            // of one without a name; a value
    '000000',                                                                                    // no records, no events
  ].join('');

  test('are read', () => expect(decodeCustomer(Buffer.from(golden, 'hex'))).toEqual(byTrigger));
  test('are written', () => expect(encodeCustomer(byTrigger).toString('hex')).toBe(golden));
});

const text = fc.oneof(fc.string({ maxLength: 128, unit: 'binary' }), fc.uuid(), fc.uuid().map((uuid) => uuid.toUpperCase()), fc.uuid().map((uuid) => `${uuid.slice(1)}g`), fc.string({ maxLength: 20 }), fc.constantFrom('', '\ud800', 'a\udc00b'));
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const anyContact: fc.Arbitrary<Contact> = fc.record({
  decisionId: optional(text), offerId: optional(text), kind: optional(text), activity: optional(text), channel: text, placement: optional(text),
  outcome: text as fc.Arbitrary<Outcome>, occurredAt: fc.integer({ min: 0, max: 2 ** 46 }), reason: optional(text), value: optional(fc.double()), trigger: optional(text),
});
const time = fc.integer({ min: 0, max: 2 ** 46 });
const anyRecord: fc.Arbitrary<ConsentRecord> = fc.record({
  purpose: text, status: fc.constantFrom('pending', 'confirmed', 'withdrawn'), basis: optional(text), textVersion: optional(text), source: optional(text),
  givenAt: time, confirmedAt: optional(time), withdrawnAt: optional(time),
});
const rising = (most: number): fc.Arbitrary<number[]> => fc.array(time, { maxLength: 8 }).map((numbers) => numbers.map((number) => number % most).sort((a, b) => a - b));
const anyEvent = fc.record({ source: text, data: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject> });
const alike = [{}, { a: 1 }, { a: 2 }, { a: 'ö' }].map((data) => ({ source: 's', data }));
const anyEvents: fc.Arbitrary<CustomerEvents> = fc.record({
  trails: fc.array(fc.record({ type: text, fromPartner: fc.boolean(), total: fc.nat(), recent: rising(2 ** 46), days: fc.tuple(rising(40_000), fc.nat()).map(([days, count]) => days.map((day) => ({ day, count }))) }), { maxLength: 5 }),
  matches: fc.array(fc.record({ trigger: text, fromPartner: fc.boolean(), occurredAt: time, event: optional(fc.oneof(anyEvent, fc.constantFrom(...alike))), days: optional(fc.nat(100_000)) })
    .map(({ days, ...match }) => ({ ...match, endsAt: days === undefined ? undefined : match.occurredAt + days * 86_400_000 })), { maxLength: 5 }),
});
const anyCustomer: fc.Arbitrary<CustomerValue> = fc.record({
  profile: fc.record({ attributes: fc.dictionary(text, fc.jsonValue()), consents: fc.array(text), holdings: fc.array(text), timeZone: optional(text), locale: optional(text), objection: optional(fc.boolean()), consentRecords: optional(fc.array(anyRecord)) }) as fc.Arbitrary<CustomerValue['profile']>,
  contacts: fc.array(anyContact, { maxLength: 30 }), events: anyEvents, profileVersion: fc.nat(), ledgerVersion: fc.maxSafeNat(),
});

test('every customer comes back exactly', () => {
  fc.assert(fc.property(anyCustomer, (customer) => {
    const back = decodeCustomer(encodeCustomer(customer));
    expect(back).toEqual({ ...customer, profile: JSON.parse(JSON.stringify(customer.profile)), events: JSON.parse(JSON.stringify(customer.events)) });
  }));
});

test('events of matches that say the same, byte for byte, are read once', () => {
  const matches = [alike[1]!, alike[1]!, alike[2]!, alike[3]!, undefined, alike[3]!].map((event, place) => ({ trigger: 't', fromPartner: false, occurredAt: place, event }));
  const read = decodeCustomer(encodeCustomer({ ...sample, events: { trails: [], matches } })).events.matches;
  expect(read).toEqual(matches);
  const places = read.map(({ event }) => read.findIndex((other) => other.event === event));
  expect(places).toEqual([0, 0, 2, 3, 4, 3]);
});

test('50 contacts with a decision each are under 4 kB, and 2,000 under 120 kB', () => {
  const uuid = (place: number): string => `018f3b1e-7c2a-7d3e-9f4a-${(place * 7_777_777).toString(16).padStart(12, '0')}`;
  const contacts = (count: number): Contact[] => Array.from({ length: count }, (_, place) =>
    contact('presented', { decisionId: uuid(place), offerId: `offer-number-${place % 25}`, placement: `placement-${place % 4}`, occurredAt: now + place * 1_234_567 }));
  const customer = { profile: { ...profile, attributes: { ...profile.attributes, note: 'x'.repeat(500) } }, events: noEvents, profileVersion: 1e9, ledgerVersion: 1e9 };
  expect(encodeCustomer({ ...customer, contacts: contacts(50) }).length).toBeLessThan(4000);
  expect(encodeCustomer({ ...customer, contacts: contacts(2000) }).length).toBeLessThan(120_000);
  for (const count of [2000, 50, 65]) expect(decodeCustomer(encodeCustomer({ ...customer, contacts: contacts(count) })).contacts).toEqual(contacts(count));
});

describe('bytes that are not a customer', () => {
  const bytes = encodeCustomer({ ...sample, profile: { ...sample.profile, consentRecords: records } });

  test('cut short anywhere are unreadable', () => {
    for (let length = 0; length < bytes.length; length++) expect(() => decodeCustomer(bytes.subarray(0, length))).toThrow(UnreadableValue);
  });

  test('cut short in an event that says the same as the one before are unreadable', () => {
    const match = { trigger: 't', fromPartner: false, occurredAt: 1, event: { source: 's', data: {} } };
    const repeated = encodeCustomer({ ...sample, events: { trails: [], matches: [match, match] } });
    for (let length = repeated.length - 20; length < repeated.length; length++) expect(() => decodeCustomer(repeated.subarray(0, length))).toThrow(UnreadableValue);
  });

  test('with more behind are unreadable', () => {
    expect(() => decodeCustomer(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(UnreadableValue);
  });

  test('of a newer format say so', () => {
    expect(() => decodeCustomer(Buffer.concat([Buffer.of(6), bytes.subarray(1)]))).toThrow(/newer version/);
  });

  test('changed anywhere are read or unreadable, nothing else, and the error holds nothing of the customer', () => {
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.nat(255), (place, byte) => {
      const changed = Buffer.from(bytes);
      changed[place] = byte;
      try {
        decodeCustomer(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableValue);
        expect((error as Error).message).not.toMatch(/card|hero|dyrt|Oslo/);
      }
    }), { numRuns: 1000 });
  });

  test('at random are unreadable in bounded memory', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (rest) => {
      try {
        decodeCustomer(Buffer.concat([Buffer.of(2), rest]));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableValue);
      }
    }), { numRuns: 1000 });
  });
});
