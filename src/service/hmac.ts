import { hash } from 'node:crypto';

const blockBytes = 64;
const hashBytes = 32;

/**
 * HMAC-SHA-256 (RFC 2104) with one secret, of ASCII texts, in base64url. By two hashes in one call each: Node's `Hmac` is an
 * object to be made, filled and collected for every text, and three offers have three.
 */
export function createHmacOf(secret: string): (text: string) => string {
  const bytes = Buffer.from(secret);
  const key = bytes.length > blockBytes ? hash('sha256', bytes, 'buffer') : bytes;
  const padded = (pad: number): Buffer => Buffer.from(Array.from({ length: blockBytes }, (_, place) => (key[place] ?? 0) ^ pad));
  let inner = Buffer.concat([padded(0x36), Buffer.alloc(1024)]);
  const outer = Buffer.concat([padded(0x5c), Buffer.alloc(hashBytes)]);

  return (text) => {
    if (inner.length < blockBytes + text.length) inner = Buffer.concat([inner.subarray(0, blockBytes), Buffer.alloc(2 * text.length)]);
    inner.write(text, blockBytes, 'latin1');
    // As text of one byte a character: a buffer would be memory of its own, and cost more than the hash.
    outer.write(hash('sha256', inner.subarray(0, blockBytes + text.length), 'binary'), blockBytes, 'binary');
    return hash('sha256', outer, 'base64url');
  };
}
