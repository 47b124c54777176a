import fc from 'fast-check';
import { createHttpServer } from '../../src/http/http-server.js';
import { maxDepth, parseJsonBody } from '../../src/http/json-body.js';
import { findJsonMistake } from '../../src/http/json-syntax.js';
import { readSpecification } from '../../src/http/specification.js';
import { createValidate, isDateTime, type RequestSchema } from '../../src/http/validation.js';
import { ServiceError } from '../../src/errors.js';
import { createFakeServices } from '../support/fake-services.js';
import { call } from '../support/http-client.js';

const validate = createValidate(readSpecification());

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('findJsonMistake and JSON.parse agree on what is JSON', () => {
  const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '1', '-', '.', 'e', 'u', 'true', 'null', '\n', '\u0001', '\u00a0', "'"))
    .map(([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + (at % 2)));
  fc.assert(fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => expect(findJsonMistake(text) === null).toBe(isJson(text))), { numRuns: 1000, seed: 7 });
});

test('a mistake lies within the text, or at its end', () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const mistake = findJsonMistake(text);
    if (mistake === null) return;
    const line = text.split('\n')[mistake.line - 1]!;
    expect(mistake.column).toBeGreaterThanOrEqual(1);
    expect(mistake.column).toBeLessThanOrEqual(line.length + 1);
  }), { numRuns: 1000, seed: 7 });
});

test('a body is refused by an INVALID_REQUEST, or it is the value that JSON.parse gives', () => {
  fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map((text) => new TextEncoder().encode(text)), fc.jsonValue({ maxDepth: 70 }).map((value) => new TextEncoder().encode(JSON.stringify(value)))), (bytes) => {
    const body = Buffer.from(bytes);
    try {
      expect(parseJsonBody(body)).toEqual(JSON.parse(body.toString('utf8')));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      expect(error.code).toBe('INVALID_REQUEST');
    }
  }), { numRuns: 500, seed: 7 });
});

test(`nesting is counted: ${maxDepth} levels are read, one more is not`, () => {
  const nested = (levels: number): Buffer => Buffer.from('['.repeat(levels) + ']'.repeat(levels));
  expect(() => parseJsonBody(nested(maxDepth))).not.toThrow();
  expect(() => parseJsonBody(nested(maxDepth + 1))).toThrow('is nested deeper than 64 levels');
});

const names = ['token', 'customerId', 'decisionId', 'offerId', 'activity', 'channel', 'outcome', 'limit', 'placements', 'customer', 'attributes', 'consents', 'files', 'at', 'occurredAt', 'timeZone', 'value', 'constructor', 'hasOwnProperty', ''];
const value = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 5 }, fc.constantFrom('web', 'x', '', 'opened', 'C-1', '2026-11-23T10:00:00Z', 'Europe/Stockholm', 'a\u0000'), fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('node'), { maxLength: 3 }), fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), tie('node'), { maxKeys: 6 })),
})).node;

test.each(['Id', 'DecisionRequest', 'OutcomeRequest', 'OutcomeBatch', 'CustomerWrite', 'CustomerPatch', 'CatalogCandidate'] satisfies RequestSchema[])('%s: any value is taken, or refused with a place and a reason for each mistake', (schema) => {
  fc.assert(fc.property(value, (body) => {
    try {
      expect(validate(schema, body)).toBe(body);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      expect(error.code).toBe('INVALID_REQUEST');
      expect(error.errors.length).toBeGreaterThan(0);
      for (const { pointer, detail } of error.errors) {
        expect(pointer).toMatch(/^(\/.*)?$/s);
        expect(detail).not.toMatch(/undefined|NaN|schema|must NOT|must match pattern/);
      }
    }
  }), { numRuns: 300, seed: 7 });
});

test.each([
  ['2026-11-23T10:00:00Z', true], ['2026-11-23t10:00:00.123456789z', true], ['2024-02-29T23:59:59-23:59', true], ['0000-01-01T00:00:00Z', true], ['9999-12-31T23:59:59+14:00', true],
  ['2026-11-23', false], ['2026-11-23T10:00Z', false], ['2026-11-23T24:00:00Z', false], ['2026-11-23T10:00:00+24:00', false], ['2026-13-01T10:00:00Z', false], ['+002026-11-23T10:00:00Z', false], ['2026-11-23T10:00:00Z ', false], ['2026-11-23T10:00:00.Z', false], ['Mon, 23 Nov 2026 10:00:00 GMT', false],
])('%s is a date and time: %s', (text, expected) => {
  expect(isDateTime(text)).toBe(expected);
  if (expected) expect(Number.isFinite(Date.parse(text))).toBe(true);
});

test('no input makes a 5xx', async () => {
  const http = createHttpServer({ services: createFakeServices().services, keys: null, clock: () => 0, logger: { error: (fields) => { throw (fields as { err: Error }).err; } } });
  await http.listen(0, '127.0.0.1');
  const path = fc.oneof(fc.constantFrom('/v1/decisions', '/v1/outcomes', '/v1/customers/C-1001', '/v1/customers/C-1001/export', '/v1/catalog', '/v1/catalog/validate', '/readyz'), fc.webPath().filter((text) => text.startsWith('/') && !text.startsWith('//')), fc.uint8Array().map((bytes) => `/v1/customers/${Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`));
  const body = fc.option(fc.oneof(value, fc.uint8Array().map((bytes) => Buffer.from(bytes)), fc.string()), { nil: undefined });
  await fc.assert(fc.asyncProperty(fc.constantFrom('get', 'put', 'post', 'patch', 'delete', 'head'), path, body, async (method, where, what) => {
    const answer = await call(http.server, method, where, { body: what });
    expect(answer.status).toBeLessThan(500);
  }), { numRuns: 100, seed: 7 });
  await http.drain();
}, 60_000);
