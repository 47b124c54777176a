import { createHttpServer } from '../../src/http/http-server.js';
import { createFakeServices } from '../support/fake-services.js';
import { call, type Sent } from '../support/http-client.js';

const fake = createFakeServices();
const logged: string[] = [];
const http = createHttpServer({ services: fake.services, keys: null, clock: () => 0, logger: { error: (_fields, message) => void logged.push(message) } });

beforeAll(() => http.listen(0, '127.0.0.1'));
afterAll(() => http.drain());

interface Row { name: string; method?: string; path?: string; body?: unknown; headers?: Sent['headers']; status?: number; detail?: string; errors?: readonly (readonly [pointer: string, detail: string])[] }

const decisions = '/v1/decisions';
const outcomes = '/v1/outcomes';
const customer = '/v1/customers/C-1';
const decision = (members: object): object => ({ channel: 'web', ...members });
const byIds = { customerId: 'C-1', decisionId: 'd', offerId: 'o', channel: 'web', outcome: 'clicked' };
const printable = 'must be 1 to 128 printable characters, no control characters';
const dateTime = 'must be a date and time with its offset (RFC 3339), such as "2026-11-23T10:00:00Z"';
const locale = 'must be a language tag, such as "sv-SE"';
const timeZone = 'must be an IANA time zone, such as "Europe/Stockholm"';
const decisionMembers = 'customerId, visitorId, customer, channel, channels, direction, limit, placements, context, locale, explain, record, at';
const needsChannel = 'is missing: one of "channel" and "channels" is needed';
const needsIds = 'is missing: needed where no token is given';
const needsWhom = 'is missing: needed where neither a token nor a visitorId is given';
const withVisitor = 'cannot be given together with "visitorId"';
const needsOffer = 'is missing: needed where neither a token nor an activity is given';
const json = (text: string): Buffer => Buffer.from(text, 'latin1');
const notJson = (place: string): Partial<Row> => ({ errors: [['', `is not JSON: ${place}`]] });
/** What `detail` says of the errors. */
function summary(errors: NonNullable<Row['errors']>): string {
  const [[pointer, text]] = errors as [readonly [string, string]];
  if (errors.length > 1) return `${errors.length} mistakes in the request; the first, at ${pointer === '' ? 'the top' : pointer}: ${text}.`;
  const sentence = text.endsWith('?') ? text : `${text}.`;
  return pointer === '' ? `The body ${sentence}` : `At ${pointer}: ${sentence}`;
}

const syntax: readonly Row[] = [
  { name: 'no body', errors: [['', 'is empty, and JSON was expected']] },
  { name: 'an empty body', body: '', errors: [['', 'is empty, and JSON was expected']] },
  { name: 'blanks only', body: ' \n ', ...notJson('line 2, column 2: the text ends, where a value was expected') },
  { name: 'a word', body: 'hello', ...notJson('line 1, column 1: expected a value') },
  { name: 'an unfinished object', body: '{"channel":"web"', ...notJson('line 1, column 17: the text ends, where a comma or } was expected') },
  { name: 'a comma too many', body: '{"channel":"web",\n }', ...notJson('line 2, column 2: expected a name in double quotes; there is a comma too many before it') },
  { name: 'single quotes', body: "{'channel':'web'}", ...notJson('line 1, column 2: expected a name in double quotes, or }; texts stand in double quotes') },
  { name: 'a line break in a text', body: '{"channel":"we\nb"}', ...notJson('line 1, column 12: expected a value; a text here has no closing quote, or holds a line break or a wrong \\ in it') },
  { name: 'a comment', body: '{"channel":"web"} // so', ...notJson('line 1, column 19: expected the end of the text; JSON has no comments') },
  { name: 'two values', body: '{}{}', ...notJson('line 1, column 3: expected the end of the text') },
  { name: 'NaN', body: '{"limit":NaN}', ...notJson('line 1, column 10: expected a value') },
  { name: 'a number with a leading zero', body: '{"limit":01}', ...notJson('line 1, column 10: expected a value') },
  { name: 'a closing bracket of the other kind', body: '[1}', ...notJson('line 1, column 3: expected a comma or ]') },
  { name: 'bytes that are not UTF-8', body: json('{"channel":"\xff"}'), errors: [['', 'is not valid UTF-8']] },
  { name: 'a surrogate in UTF-8', body: json('{"channel":"\xed\xa0\x80"}'), errors: [['', 'is not valid UTF-8']] },
  { name: 'a lone surrogate', body: '{"channel":"web","customerId":"a\\ud800"}', errors: [['/customerId', 'holds half of a surrogate pair, which is not a character']] },
  { name: 'a lone surrogate in a name', body: '{"channel":"web","context":{"\\udc00":1}}', errors: [['/context', 'holds a name with half of a surrogate pair, which is not a character']] },
  { name: 'an endless number', body: '{"channel":"web","context":{"a/b":[0,1e999]}}', errors: [['/context/a~1b/1', 'is a number too large to represent']] },
  { name: '__proto__', body: '{"channel":"web","context":{"__proto__":{"x":1}}}', errors: [['/context/__proto__', 'is not allowed as a name']] },
  { name: '__proto__ in disguise', body: '{"channel":"web","\\u005f_proto__":{"limit":1}}', errors: [['/__proto__', 'is not allowed as a name']] },
  { name: 'nested too deep', body: `{"channel":"web","context":{"a":${'['.repeat(63)}${']'.repeat(63)}}}`, errors: [[`/context/a${'/0'.repeat(62)}`, 'is nested deeper than 64 levels']] },
  { name: 'nested without end', body: '['.repeat(60_000), ...notJson('line 1, column 60001: the text ends, where a value or ] was expected') },
  { name: 'an array', body: [], errors: [['', 'must be an object, not an array']] },
  { name: 'null', body: 'null', errors: [['', 'must be an object, not null']] },
  { name: 'a number', body: '17', errors: [['', 'must be an object, not a number']] },
  { name: 'a text', body: '"web"', errors: [['', 'must be an object, not a text']] },
];

const members: readonly Row[] = [
  { name: 'nothing in it', body: {}, detail: 'At /channel: is missing: one of "channel" and "channels" is needed.', errors: [['/channel', needsChannel]] },
  { name: 'a customer alone', body: { customerId: 'C-1' }, errors: [['/channel', needsChannel]] },
  { name: 'a misspelt member', body: { chanel: 'web' }, detail: '2 mistakes in the request; the first, at /channel: is missing: one of "channel" and "channels" is needed.', errors: [['/channel', needsChannel], ['/chanel', 'is not a member that is known here; did you mean "channel"?']] },
  { name: 'a member from nowhere', body: decision({ colour: 'red' }), errors: [['/colour', `is not a member that is known here; there are ${decisionMembers}`]] },
  { name: 'a member that every object has', body: decision({ constructor: 1, toString: 2 }), errors: [['/constructor', `is not a member that is known here; there are ${decisionMembers}`], ['/toString', `is not a member that is known here; there are ${decisionMembers}`]] },
  { name: 'a member with a slash and a tilde', body: decision({ 'a/b~c': 1 }), errors: [['/a~1b~0c', `is not a member that is known here; there are ${decisionMembers}`]] },
  { name: 'an unknown member of the customer', body: decision({ customer: { consent: [] } }), errors: [['/customer/consent', 'is not a member that is known here; did you mean "consents"?']] },
  { name: 'a channel that is a number', body: { channel: 3 }, errors: [['/channel', 'must be a text, not a number']] },
  { name: 'an empty channel', body: { channel: '' }, errors: [['/channel', 'must not be empty']] },
  { name: 'a channel, and several', body: decision({ channels: ['web', 'app'] }), errors: [['/channel', 'cannot be given together with "channels"']] },
  { name: 'no channels', body: { channels: [] }, errors: [['/channels', 'must not be empty']] },
  { name: 'channels that are a text', body: { channels: 'web,app' }, errors: [['/channels', 'must be an array, not a text']] },
  { name: 'a channel named twice', body: { channels: ['web', 'app', 'web'] }, errors: [['/channels/2', 'is the same as the entry 0']] },
  { name: 'an empty channel among others', body: { channels: ['web', ''] }, errors: [['/channels/1', 'must not be empty']] },
  { name: '101 channels', body: { channels: Array.from({ length: 101 }, (_, index) => `c${index}`) }, errors: [['/channels', 'must have at most 100 entries']] },
  { name: 'channels and placements', body: { channels: ['web'], placements: [{ id: 'hero' }] }, errors: [['/placements', 'cannot be given together with "channels"']] },
  { name: 'channels for a contact that the customer made', body: { channels: ['web'], direction: 'inbound' }, errors: [['/direction', 'must be outbound: with "channels" it is we who make contact']] },
  { name: 'an empty id', body: decision({ customerId: '' }), errors: [['/customerId', 'must not be empty']] },
  { name: 'a customer and a visitor', body: decision({ customerId: 'C-1', visitorId: 'v-1' }), errors: [['/customerId', withVisitor]] },
  { name: 'a visitor\'s id with a line break', body: decision({ visitorId: 'v\n1' }), errors: [['/visitorId', printable]] },
  { name: 'an id that is null', body: decision({ customerId: null }), errors: [['/customerId', 'must be a text, not null']] },
  { name: 'an id with a line break', body: decision({ customerId: 'C\n1' }), errors: [['/customerId', printable]] },
  { name: 'an id with a C1 control', body: decision({ customerId: 'C\u0085' }), errors: [['/customerId', printable]] },
  { name: 'an id that turns the direction of writing', body: decision({ customerId: 'C\u202e1' }), errors: [['/customerId', printable]] },
  { name: 'an id of 129 characters', body: decision({ customerId: '😀'.repeat(129) }), errors: [['/customerId', 'must have at most 128 characters']] },
  { name: 'a limit of 0', body: decision({ limit: 0 }), errors: [['/limit', 'must be at least 1']] },
  { name: 'a limit of 101', body: decision({ limit: 101 }), errors: [['/limit', 'must be at most 100']] },
  { name: 'a limit of 1.5', body: decision({ limit: 1.5 }), errors: [['/limit', 'must be a whole number, not a fraction']] },
  { name: 'a limit in quotes', body: decision({ limit: '3' }), errors: [['/limit', 'must be a whole number, not a text']] },
  { name: 'a wrong direction', body: decision({ direction: 'in' }), errors: [['/direction', 'must be one of inbound, outbound']] },
  { name: 'an almost right direction', body: decision({ direction: 'Inbound' }), errors: [['/direction', 'must be one of inbound, outbound; did you mean "inbound"?']] },
  { name: 'a wrong depth of explanation', body: decision({ explain: 'all' }), errors: [['/explain', 'must be one of none, reasons, full']] },
  { name: 'record: true', body: decision({ record: true }), errors: [['/record', 'must be one of none, presented']] },
  { name: 'no placements', body: decision({ placements: [] }), errors: [['/placements', 'must not be empty']] },
  { name: '21 placements', body: decision({ placements: Array.from({ length: 21 }, (_, index) => ({ id: `p${index}` })) }), errors: [['/placements', 'must have at most 20 entries']] },
  { name: 'a placement without an id', body: decision({ placements: [{ id: 'a' }, { limit: 0, kinds: ['crosssell'], fallback: '' }] }), errors: [['/placements/1/id', 'is missing'], ['/placements/1/limit', 'must be at least 1'], ['/placements/1/kinds/0', 'must be one of cross-sell, up-sell, loyalty, retention, service, onboarding, win-back; did you mean "cross-sell"?'], ['/placements/1/fallback', 'must not be empty']] },
  { name: 'a context that is a list', body: decision({ context: [] }), errors: [['/context', 'must be an object, not an array']] },
  { name: '101 consents', body: decision({ customer: { consents: Array.from({ length: 101 }, () => 'web') } }), errors: [['/customer/consents', 'must have at most 100 entries']] },
  { name: '1001 holdings', body: decision({ customer: { holdings: Array.from({ length: 1001 }, () => 'card') } }), errors: [['/customer/holdings', 'must have at most 1000 entries']] },
  { name: 'a locale with an underscore', body: decision({ locale: 'sv_SE' }), errors: [['/locale', locale]] },
  { name: 'a time without an offset', body: decision({ at: '2026-11-23T10:00:00' }), errors: [['/at', dateTime]] },
  { name: 'a day that does not exist', body: decision({ at: '2026-02-29T10:00:00Z' }), errors: [['/at', dateTime]] },
  { name: 'a leap second', body: decision({ at: '2016-12-31T23:59:60Z' }), errors: [['/at', dateTime]] },
  { name: 'a time with a blank', body: decision({ at: '2026-11-23 10:00:00Z' }), errors: [['/at', dateTime]] },
  { name: 'a time in milliseconds', body: decision({ at: 1795428000000 }), errors: [['/at', 'must be a text, not a number']] },
];

const outcomeRows: readonly Row[] = ([
  { name: 'nothing in it', body: {}, errors: [['/customerId', needsWhom], ['/decisionId', needsOffer], ['/offerId', needsOffer], ['/channel', needsIds], ['/outcome', 'is missing']] },
  { name: 'no offer', body: { customerId: 'C-1', channel: 'web', outcome: 'clicked' }, errors: [['/decisionId', needsOffer], ['/offerId', needsOffer]] },
  { name: 'no decision', body: { ...byIds, decisionId: undefined }, errors: [['/decisionId', needsOffer]] },
  { name: 'a token and ids', body: { token: 't', ...byIds }, errors: ['customerId', 'decisionId', 'offerId', 'channel'].map((name) => [`/${name}`, 'cannot be given together with "token", which says it already'] as const) },
  { name: 'a customer and a visitor', body: { ...byIds, visitorId: 'v-1' }, errors: [['/customerId', withVisitor]] },
  { name: 'a token and a visitor', body: { token: 't', visitorId: 'v-1', outcome: 'opened' }, errors: [['/visitorId', 'cannot be given together with "token", which says it already']] },
  { name: 'a visitor and no channel', body: { visitorId: 'v-1', activity: 'newsletter', outcome: 'opened' }, errors: [['/channel', needsIds]] },
  { name: 'a token and an activity', body: { token: 't', activity: 'newsletter', outcome: 'opened' }, errors: [['/activity', 'cannot be given together with "token", which says it already']] },
  { name: 'an activity and an offer', body: { ...byIds, activity: 'newsletter' }, errors: [['/offerId', 'cannot be given together with "activity"']] },
  { name: 'an activity without a channel', body: { customerId: 'C-1', activity: 'newsletter', outcome: 'opened' }, errors: [['/channel', needsIds]] },
  { name: 'an outcome that is none', body: { ...byIds, outcome: 'accept' }, errors: [['/outcome', 'must be one of delivered, opened, presented, clicked, accepted, declined, not-now, converted, bounced, unsubscribed; did you mean "accepted"?']] },
  { name: 'a long reason', body: { ...byIds, reason: 'x'.repeat(501) }, errors: [['/reason', 'must have at most 500 characters']] },
  { name: 'a value in quotes', body: { ...byIds, value: '12' }, errors: [['/value', 'must be a number, not a text']] },
  { name: 'an endless value', body: JSON.stringify(byIds).replace('}', ',"value":-1e999}'), errors: [['/value', 'is a number too large to represent']] },
  { name: 'a time that is none', body: { ...byIds, occurredAt: 'yesterday' }, errors: [['/occurredAt', dateTime]] },
  { name: 'a placement, which only a token carries', body: { ...byIds, placement: 'hero' }, errors: [['/placement', 'is not a member that is known here; there are token, customerId, visitorId, decisionId, offerId, activity, channel, outcome, outcomeId, occurredAt, reason, value']] },
  { name: 'a long token', body: { token: 't'.repeat(4097), outcome: 'opened' }, errors: [['/token', 'must have at most 4096 characters']] },
  { name: 'no outcomes', body: [], errors: [['', 'must not be empty']] },
  { name: '101 outcomes', body: Array.from({ length: 101 }, () => byIds), errors: [['', 'must have at most 100 entries']] },
  { name: 'one malformed outcome among others', body: [byIds, { ...byIds, outcome: 'x', outcomeId: '' }, 3], errors: [['/1/outcome', 'must be one of delivered, opened, presented, clicked, accepted, declined, not-now, converted, bounced, unsubscribed'], ['/1/outcomeId', 'must not be empty'], ['/2', 'must be an object, not a number']] },
  { name: 'an array in an array', body: [[byIds]], errors: [['/0', 'must be an object, not an array']] },
] satisfies readonly Row[]).map((row) => ({ path: outcomes, ...row }));

const otherRows: readonly Row[] = [
  { name: 'attributes that are a list', method: 'put', path: customer, body: { attributes: [1] }, errors: [['/attributes', 'must be an object, not an array']] },
  { name: 'consents that are a text', method: 'put', path: customer, body: { consents: 'web' }, errors: [['/consents', 'must be an array, not a text']] },
  { name: 'a consent that is null', method: 'put', path: customer, body: { consents: ['web', null] }, errors: [['/consents/1', 'must be a text or an object, not null']] },
  { name: 'a time zone that does not exist', method: 'put', path: customer, body: { timeZone: 'Europe/Atlantis', locale: 'x' }, errors: [['/timeZone', timeZone], ['/locale', locale]] },
  { name: 'an offset for a time zone', method: 'put', path: customer, body: { timeZone: '+01:00' }, errors: [['/timeZone', timeZone]] },
  { name: 'the history of the consents, which only an export tells', method: 'put', path: customer, body: { consentRecords: [] }, errors: [['/consentRecords', 'is not a member that is known here; there are id, attributes, consents, objection, holdings, timeZone, locale']] },
  { name: 'a consent that is neither a name nor an object', method: 'put', path: customer, body: { consents: ['web', 7] }, errors: [['/consents/1', 'must be a text or an object, not a number']] },
  { name: 'a consent with a misspelt member', method: 'put', path: customer, body: { consents: [{ purpose: 'web', stauts: 'pending' }] }, errors: [['/consents/0/stauts', 'is not a member that is known here; did you mean "status"?']] },
  { name: 'a consent of a status that it cannot be given', method: 'put', path: customer, body: { consents: [{ purpose: 'web', status: 'withdrawn' }] }, errors: [['/consents/0/status', 'must be one of confirmed, pending']] },
  { name: 'a consent to nothing', method: 'put', path: customer, body: { consents: [{ status: 'pending' }] }, errors: [['/consents/0/purpose', 'is missing']] },
  { name: 'a patch that is a list', method: 'patch', path: customer, body: [{ op: 'add' }], errors: [['', 'must be an object, not an array']] },
  { name: 'a patch of the wrong type', method: 'patch', path: customer, body: { attributes: 3, holdings: {}, locale: 1 }, errors: [['/attributes', 'must be an object or null, not a number'], ['/holdings', 'must be an array or null, not an object'], ['/locale', 'must be a text or null, not a number']] },
  { name: 'a link to nobody', path: `${customer}/link`, body: {}, errors: [['/visitorId', 'is missing']] },
  { name: 'a link to an empty id, and more', path: `${customer}/link`, body: { visitorId: '', customerId: 'C-1' }, errors: [['/customerId', 'is not a member that is known here; there are visitorId'], ['/visitorId', 'must not be empty']] },
  { name: 'a visitor with a control character in the path', method: 'delete', path: '/v1/visitors/a%00b', errors: [['/path/id', printable]] },
  { name: 'an event of a customer and a visitor', path: '/v1/events', body: { specversion: '1.0', id: '1', source: '/s', type: 't', subject: 'C-1', visitorid: 'v-1' }, errors: [['/subject', 'cannot be given together with "visitorid"']] },
  { name: 'an event of a visitor with a number for an id', path: '/v1/events', body: { specversion: '1.0', id: '1', source: '/s', type: 't', visitorid: 7 }, errors: [['/visitorid', 'must be a text, not a number']] },
  { name: 'a control character in the path', method: 'get', path: '/v1/customers/a%00b', errors: [['/path/id', printable]] },
  { name: 'an id of 129 characters in the path', method: 'get', path: `/v1/customers/${'x'.repeat(129)}`, errors: [['/path/id', 'must have at most 128 characters']] },
  { name: 'half a percent-encoding', method: 'get', path: '/v1/customers/%E0%A4%A', errors: [['/path', 'is not percent-encoded UTF-8']] },
  { name: 'a percent-encoding that is not UTF-8', method: 'delete', path: '/v1/customers/%FF', errors: [['/path', 'is not percent-encoded UTF-8']] },
  { name: 'a percent-encoded surrogate', method: 'get', path: '/v1/customers/%ED%A0%80/export', errors: [['/path', 'is not percent-encoded UTF-8']] },
  { name: 'a query', method: 'get', path: '/v1/catalog?full=true', errors: [['/query', 'there are no query parameters here; what a call takes is in /docs']] },
  { name: 'a candidate without files', path: '/v1/catalog/validate', body: {}, errors: [['/files', 'is missing']] },
  { name: 'a file that is not text', path: '/v1/catalog/validate', body: { files: { 'a.yaml': { id: 1 }, '': 'x' } }, errors: [['/files/', 'must not be empty'], ['/files/a.yaml', 'must be a text, not an object']] },
  ...['0', '5001', '-1', '1.5', 'soon', '', '99999', '1e3'].map((header): Row => ({ name: `a timeout of "${header}"`, body: decision({}), headers: { 'X-Request-Timeout-Ms': header }, errors: [['/headers/X-Request-Timeout-Ms', 'must be a whole number of milliseconds, from 1 to 5000']] })),
];

const contentType = 'The Content-Type is not one that is read here: send application/json.';
const transport: readonly Row[] = [
  { name: 'a form', body: 'channel=web', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, status: 415, detail: contentType },
  { name: 'text', body: '{"channel":"web"}', headers: { 'Content-Type': 'text/plain' }, status: 415, detail: contentType },
  { name: 'a merge patch where there is none', body: '{}', headers: { 'Content-Type': 'application/merge-patch+json' }, status: 415, detail: contentType },
  { name: 'a JSON patch', method: 'patch', path: customer, body: '[]', headers: { 'Content-Type': 'application/json-patch+json' }, status: 415, detail: 'The Content-Type is not one that is read here: send application/merge-patch+json or application/json.' },
  { name: 'another charset', body: '{}', headers: { 'Content-Type': 'application/json; charset=iso-8859-1' }, status: 415, detail: 'JSON is read in UTF-8 only.' },
  { name: 'a compressed body', body: json('\x1f\x8b'), headers: { 'Content-Encoding': 'gzip' }, status: 415, detail: 'A compressed body is not read here: send it without Content-Encoding.' },
  { name: 'a decision of more than 64 kB', body: decision({ context: { a: 'x'.repeat(65_536) } }), status: 413, detail: 'The body has more than 64 kB, which is the most that is read here.' },
  { name: 'a decision of 3 MB', body: decision({ context: { a: 'x'.repeat(3_000_000) } }), status: 413, detail: 'The body has more than 64 kB, which is the most that is read here.' },
  { name: 'one outcome of more than 64 kB', path: outcomes, body: { ...byIds, reason: 'x'.repeat(65_536) }, status: 413, detail: 'The body has more than 64 kB, which is the most that is read here.' },
  { name: 'outcomes of more than 1 MB', path: outcomes, body: [{ reason: 'x'.repeat(1_048_576) }], status: 413, detail: 'The body has more than 1024 kB, which is the most that is read here.' },
  { name: 'a candidate of more than 1 MB', path: '/v1/catalog/validate', body: { files: { a: 'x'.repeat(1_048_576) } }, status: 413, detail: 'The body has more than 1024 kB, which is the most that is read here.' },
  { name: 'an unknown path', path: '/v1/decision', body: {}, status: 404, detail: 'There is no such path; /docs lists those that there are.' },
  { name: 'the root', method: 'get', path: '/', status: 404, detail: 'There is no such path; /docs lists those that there are.' },
  { name: 'a slash at the end', method: 'get', path: '/v1/catalog/', status: 404, detail: 'There is no such path; /docs lists those that there are.' },
  { name: 'upper case', method: 'get', path: '/V1/catalog', status: 404, detail: 'There is no such path; /docs lists those that there are.' },
  { name: 'no id', method: 'get', path: '/v1/customers/', status: 404, detail: 'There is no such path; /docs lists those that there are.' },
  { name: 'a URL of 3,000 characters', method: 'get', path: `/v1/customers/${'x'.repeat(3000)}`, status: 414, detail: 'The URL has more than 2048 characters.' },
  { name: 'GET of decisions', method: 'get', status: 405, detail: 'GET is not a method of this path: it has POST, OPTIONS.' },
  { name: 'PUT of outcomes', method: 'put', path: outcomes, body: {}, status: 405, detail: 'PUT is not a method of this path: it has POST, OPTIONS.' },
  { name: 'POST of a customer', path: customer, body: {}, status: 405, detail: 'POST is not a method of this path: it has GET, PUT, PATCH, DELETE, HEAD, OPTIONS.' },
  { name: 'GET of a link', method: 'get', path: `${customer}/link`, status: 405, detail: 'GET is not a method of this path: it has POST, OPTIONS.' },
  { name: 'GET of a visitor', method: 'get', path: '/v1/visitors/v-1', status: 405, detail: 'GET is not a method of this path: it has DELETE, OPTIONS.' },
  { name: 'DELETE of the catalog', method: 'delete', path: '/v1/catalog', status: 405, detail: 'DELETE is not a method of this path: it has GET, HEAD, OPTIONS.' },
  { name: 'POST of liveness', path: '/livez', body: {}, status: 405, detail: 'POST is not a method of this path: it has GET, HEAD, OPTIONS.' },
  { name: 'an unknown customer', method: 'get', path: '/v1/customers/C-9', status: 404, detail: 'There is no customer "C-9".' },
];

const titles: Readonly<Record<number, readonly [type: string, title: string]>> = {
  400: ['/docs#invalid-request', 'Invalid request'], 404: ['/docs#not-found', 'Not found'], 405: ['/docs#method-not-allowed', 'Method not allowed'],
  413: ['/docs#body-too-large', 'Body too large'], 414: ['/docs#url-too-long', 'URL too long'], 415: ['/docs#wrong-content-type', 'Wrong content type'],
};

describe.each([['JSON', syntax], ['decisions', members], ['outcomes', outcomeRows], ['customers, catalog and headers', otherRows], ['HTTP', transport]])('%s', (_group, rows) => {
  test.each(rows)('$name', async ({ method = 'post', path = decisions, body, headers, status = 400, detail, errors }) => {
    const hasBody = body === undefined && method === 'post' ? { headers: { 'Content-Type': 'application/json', ...headers } } : { body, headers };
    const answer = await call(http.server, method, path, hasBody);
    const [type, title] = titles[status]!;
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json).toEqual({
      type, title, status,
      detail: detail ?? summary(errors!),
      errors: (errors ?? []).map(([pointer, text]) => ({ pointer, detail: text })),
    });
    expect(fake.calls).toEqual([]);
    expect(logged).toEqual([]);
  });
});

test('of very many mistakes the first 50 are told', async () => {
  const answer = await call(http.server, 'post', decisions, { body: decision({ placements: Array.from({ length: 20 }, () => ({ a: 1, b: 2, c: 3 })) }) });
  expect(answer.status).toBe(400);
  expect(answer.json.errors).toHaveLength(50);
});
