import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { createHmacOf } from '../../src/service/hmac.js';

/** Test case 2 of RFC 4231, whose key and text are ASCII. */
test('is as the standard has it', () => {
  expect(createHmacOf('Jefe')('what do ya want for nothing?')).toBe(Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex').toString('base64url'));
});

test('is that of Node, whatever the secret and however long the texts, one after the other', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(fc.string({ unit: 'binary-ascii', maxLength: 3000 }), { maxLength: 5 }), (secret, texts) => {
    const hmacOf = createHmacOf(secret);
    for (const text of texts) expect(hmacOf(text)).toBe(createHmac('sha256', secret).update(text).digest('base64url'));
  }));
});
