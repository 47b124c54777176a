import * as fc from 'fast-check';
import { afterPrefix, counterKey, customerKey, customerPrefix, endedBy, expiryKey, outcomeKey, reservationEndKey, reservationKey, timeOfReservationEnd } from '../../../src/customers/lmdb/keys.js';

const longestLmdbKeyBytes = 1978;
const id = fc.oneof(fc.string({ minLength: 1, maxLength: 128, unit: 'binary' }), fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', ':', '/', '\u0000', '\u00ff', '😀', '\u{10ffff}') }));
const anyText = fc.oneof(fc.string({ maxLength: 128, unit: 'binary' }), fc.constantFrom('', '\ud800', '\ud801', 'x'.repeat(5000)));
const timeMs = fc.integer({ min: 0, max: 2 ** 50 });

test('customers\' keys order as their UTF-8 and read back', () => {
  fc.assert(fc.property(id, id, (one, other) => {
    expect(customerKey(one).toString()).toBe(one);
    expect(Math.sign(Buffer.compare(customerKey(one), customerKey(other)))).toBe(Math.sign(Buffer.compare(Buffer.from(one), Buffer.from(other))));
  }));
});

test('different things have different keys', () => {
  fc.assert(fc.property(id, id, anyText, anyText, anyText, anyText, (one, other, a, b, c, d) => {
    expect(outcomeKey(one, a).equals(outcomeKey(other, b))).toBe(one === other && a === b);
    expect(reservationKey(one, a, b, c).equals(reservationKey(other, b, c, d))).toBe(one === other && a === b && b === c && c === d);
    expect(reservationKey(one, a, b, c).equals(reservationKey(one, a, b, c))).toBe(true);
    expect(counterKey(a).equals(counterKey(b))).toBe(a === b);
  }));
});

test('a customer\'s range holds its keys and nobody else\'s', () => {
  fc.assert(fc.property(id, id, anyText, (one, other, text) => {
    const start = customerPrefix(one);
    const end = afterPrefix(start);
    const isInside = (key: Buffer): boolean => Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0;
    for (const key of [outcomeKey(other, text), reservationKey(other, text, 'd', 'o')]) expect(isInside(key)).toBe(one === other);
  }));
});

test('a counter\'s reservations order by their end, and those that ended by a time are its range', () => {
  fc.assert(fc.property(anyText, anyText, timeMs, timeMs, (counter, other, heldUntil, now) => {
    const key = reservationEndKey(counter, heldUntil, reservationKey('C-1', 'l', 'd', 'o'));
    expect(timeOfReservationEnd(key)).toBe(heldUntil);
    const { start, end } = endedBy(other, now);
    expect(Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0).toBe(counter === other && heldUntil <= now);
  }));
});

test('the longest fit', () => {
  const longest = '\u{10ffff}'.repeat(256);
  const keys = [customerKey(longest), expiryKey(1, outcomeKey(longest, longest)), reservationKey(longest, longest, longest, longest), counterKey(longest), reservationEndKey(longest, 1, reservationKey(longest, 'l', 'd', 'o'))];
  for (const key of keys) expect(key.length).toBeLessThan(longestLmdbKeyBytes);
});
