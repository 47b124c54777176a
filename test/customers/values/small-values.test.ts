import { emptyAgenda, type Agenda, type HeldAgenda } from '../../../src/customers/agenda.js';
import { decodeAgenda, decodeEntry, encodeAgenda, encodeEntry, type AgendaEntry } from '../../../src/customers/values/agenda-value.js';
import { decodeAnswered, encodeAnswered } from '../../../src/customers/values/answered-outcome.js';
import { UnreadableValue } from '../../../src/customers/values/bytes.js';
import { bareCustomer, encodeCustomer } from '../../../src/customers/values/customer-value.js';
import { decodeGroupEvent, decodeRhythms, encodeGroupEvent, encodeRhythms } from '../../../src/customers/values/group-event.js';
import { decodeLink, encodeLink } from '../../../src/customers/values/visitor-link.js';
import { decodeVisitor, encodeVisitor } from '../../../src/customers/values/visitor-value.js';
import { decodeSecret, encodeSecret } from '../../../src/customers/values/secret.js';
import { decodeHold, encodeHold } from '../../../src/customers/redis/holds.js';
import { decodeNamed, encodeNamed } from '../../../src/customers/redis/named-visitor.js';

interface Format<T> { readonly value: T; readonly golden: string; readonly newest?: number; encode(value: T): Buffer; decode(bytes: Buffer): T }
const linkId = '6f1c2c1e-5b0a-4c53-9d0e-2f9f3a1d7b10';
const latin1 = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const agenda: Agenda = {
  notes: [{ trigger: 'moved', startedAt: 100, state: 'published', at: 200 }, { trigger: 'ö', startedAt: 1, state: 'deferred', at: 2, until: 900, reason: 'Quiet hours' }],
  publications: [{ id: 'p-1', trigger: 'moved', channel: 'email', event: '{"id":"p-1"}', validUntil: 500, attempts: 2, nextAt: 250 }],
};
const agendaJson = '[[["moved",100,"published",200,null,null],["ö",1,"deferred",2,900,"Quiet hours"]],[["p-1","moved","email","{\\"id\\":\\"p-1\\"}",500,2,250]]]';
const readEntry = (bytes: Buffer): unknown => {
  const { agenda: inside, ...entry } = decodeEntry(bytes);
  return { ...entry, agenda: decodeAgenda(inside) };
};
const writeEntry = ({ agenda: inside, ...entry }: HeldAgenda & Pick<AgendaEntry, 'lease'>): Buffer => encodeEntry({ ...entry, agenda: encodeAgenda(inside) });
const format = <T>(each: Format<T>): Format<unknown> => each;

const formats: [string, Format<unknown>][] = [
  ['an answered outcome', format({
    value: { expiresAt: 1_795_428_000_000, body: 'hash', answer: '{"ä":1}' }, encode: encodeAnswered, decode: decodeAnswered,
    golden: ['01', '80c2e4bea034', '0104', latin1('hash'), '0107', latin1('{"ä":1}')].join(''),
  })],
  ['a secret', format({ value: 'hush €', encode: encodeSecret, decode: decodeSecret, golden: `010208${Buffer.from('hush €').toString('hex')}` })],
  ['a hold', format({ value: { counter: 'card/total', heldUntil: 300 }, newest: 2, encode: encodeHold, decode: decodeHold, golden: ['01', 'ac02', '010a', latin1('card/total')].join('') })],
  ['a hold of a visitor who became the customer', format({
    value: { counter: 'card/total', heldUntil: 300, heldBy: 'v' }, newest: 2, encode: encodeHold, decode: decodeHold,
    golden: ['02', 'ac02', '010a', latin1('card/total'), '0101', latin1('v')].join(''),
  })],
  ['a link to a visitor', format({
    value: { linkId: 'l', visitorId: 'é', linkedAt: 300, contacts: 2, events: 1 }, encode: encodeLink, decode: decodeLink,
    golden: ['01', '0101', latin1('l'), '0101', latin1('é'), 'ac02', '02', '01'].join(''),
  })],
  ['a visitor', format({
    value: { state: 'open', expiresAt: 300, customer: bareCustomer(1) }, encode: encodeVisitor, decode: decodeVisitor,
    golden: ['01', '00', 'ac02', '0100', encodeCustomer(bareCustomer(1)).toString('hex')].join(''),
  })],
  ['a visitor on its way', format({
    value: { state: 'sealed', expiresAt: 300, customer: null, seal: { linkId, customerId: 'C', now: 1, erasedAt: null, horizon: { windowMs: 2, latestOf: ['accepted'] }, maxContacts: 3, timings: [['t', 1, null, 2]] } }, encode: encodeVisitor, decode: decodeVisitor,
    golden: ['01', '01', 'ac02', '01aa01', latin1(`${linkId}{"customerId":"C","now":1,"erasedAt":null,"horizon":{"windowMs":2,"latestOf":["accepted"]},"maxContacts":3,"timings":[["t",1,null,2]]}`)].join(''),
  })],
  ['a visitor who was linked', format({
    value: { state: 'linked', linkId, customerId: 'C' }, encode: encodeVisitor, decode: decodeVisitor,
    golden: ['01', '02', '00', '0136', latin1(`${linkId}{"customerId":"C"}`)].join(''),
  })],
  ['an agenda', format({
    value: agenda, encode: encodeAgenda, decode: decodeAgenda, golden: `01${Buffer.from(agendaJson).toString('hex')}`,
  })],
  ['the agenda of a walk', format({
    value: { notes: [], publications: [], sweep: { after: 'C-1', doneAt: null } }, encode: encodeAgenda, decode: decodeAgenda,
    golden: `01${Buffer.from('[[],[],["C-1",null]]').toString('hex')}`,
  })],
  ['an agenda with when it is due, and who works on it', format({
    value: { dueAt: 300, lease: { token: 't', until: 400 }, agenda }, encode: writeEntry, decode: readEntry as (bytes: Buffer) => HeldAgenda & Pick<AgendaEntry, 'lease'>,
    golden: `01${Buffer.from(`[300,["t",400]]\n\u0001${agendaJson}`).toString('hex')}`,
  })],
  ['an agenda of one who is not due', format({
    value: { dueAt: null, lease: null, agenda: emptyAgenda }, encode: writeEntry, decode: readEntry as (bytes: Buffer) => HeldAgenda & Pick<AgendaEntry, 'lease'>,
    golden: `01${Buffer.from('[null,null]\n\u0001[[],[]]').toString('hex')}`,
  })],
  ['a group event', format({
    value: { event: { id: 'e-1', source: '/weather', type: 'storm', occurredAt: 1_795_428_000_000, data: { region: 'norr ä' } }, body: 'hash', keptUntil: 1_795_428_060_000 }, encode: encodeGroupEvent, decode: decodeGroupEvent,
    golden: `01${Buffer.from('["e-1","/weather","storm",1795428000000,{"region":"norr ä"},"hash",1795428060000]').toString('hex')}`,
  })],
  ['rhythms', format({ value: new Map([['purchase', 604_800_000]]), encode: encodeRhythms, decode: decodeRhythms, golden: `01${Buffer.from('[["purchase",604800000]]').toString('hex')}` })],
];

test('what hangs on partners\' data stands in a second line of an agenda', () => {
  const both: Agenda = { notes: [...agenda.notes, { trigger: 'told', startedAt: 3, state: 'given-up', at: 4, fromPartner: true }], publications: [...agenda.publications, { ...agenda.publications[0]!, id: 'p-2', fromPartner: true }] };
  const golden = `01${Buffer.from(`${agendaJson}\n[[["told",3,"given-up",4,null,null]],[["p-2","moved","email","{\\"id\\":\\"p-1\\"}",500,2,250]]]`).toString('hex')}`;
  expect(encodeAgenda(both).toString('hex')).toBe(golden);
  expect(decodeAgenda(Buffer.from(golden, 'hex'))).toEqual(both);
});

test('what no outbox has taken says so', () => {
  const refused: Agenda = { notes: [], publications: [{ ...agenda.publications[0]!, neverTaken: true }] };
  const golden = `01${Buffer.from('[[],[["p-1","moved","email","{\\"id\\":\\"p-1\\"}",500,2,250,1]]]').toString('hex')}`;
  expect(encodeAgenda(refused).toString('hex')).toBe(golden);
  expect(decodeAgenda(Buffer.from(golden, 'hex'))).toEqual(refused);
});

test('a visitor in Redis has the id that it is held under behind the rest', () => {
  const golden = ['76', '02c3a9', '0003'].join('');
  expect(encodeNamed('\u0002é', Buffer.from('v')).toString('hex')).toBe(golden);
  expect(decodeNamed(Buffer.from(golden, 'hex'))).toEqual({ id: '\u0002é', value: Buffer.from('v') });
  for (const cut of ['', '03', '03c3a90003'.slice(4)]) expect(() => decodeNamed(Buffer.from(cut, 'hex'))).toThrow(UnreadableValue);
});

describe.each(formats)('%s: what version 1 wrote, every later version reads', (_name, { value, golden, newest = 1, encode, decode }) => {
  test('is read', () => expect(decode(Buffer.from(golden, 'hex'))).toEqual(value));
  test('is written', () => expect(encode(value).toString('hex')).toBe(golden));
  test('of a newer format says so', () => expect(() => decode(Buffer.from(`0${newest + 1}${golden.slice(2)}`, 'hex'))).toThrow(/newer version/));
  test('cut short anywhere, or with more behind, is unreadable', () => {
    const bytes = Buffer.from(golden, 'hex');
    for (let length = 0; length < bytes.length; length++) expect(() => decode(bytes.subarray(0, length))).toThrow(UnreadableValue);
    expect(() => decode(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(UnreadableValue);
  });
});
