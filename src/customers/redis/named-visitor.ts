import { UnreadableValue } from '../values/bytes.js';
import { decodeVisitor, encodeVisitor, type VisitorValue } from '../values/visitor-value.js';

/**
 * A visitor as it lies in Redis: as visitor-value.ts, and behind it the id that it is held under, with its length in two
 * bytes. The key tells only a hash, and a move to another store must name the visitor.
 */
export interface NamedVisitor { readonly id: string; readonly value: Buffer }

const lengthBytes = 2;
/** The most that the end of a value takes which tells the id. */
export const nameBytes = 1024 + lengthBytes;

export function encodeNamed(id: string, value: Buffer): Buffer {
  const name = Buffer.from(id);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt16BE(name.length);
  return Buffer.concat([value, name, length]);
}

/** Of the whole value, or of its end. Throws `UnreadableValue`. */
export function decodeNamed(bytes: Buffer): NamedVisitor {
  const end = bytes.length - lengthBytes;
  const start = end < 0 ? -1 : end - bytes.readUInt16BE(end);
  if (start < 0) throw new UnreadableValue('a visitor without its id');
  return { id: bytes.toString('utf8', start, end), value: bytes.subarray(0, start) };
}

export function encodeNamedVisitor(id: string, visitor: VisitorValue): Buffer {
  return encodeNamed(id, encodeVisitor(visitor));
}

/** Throws `UnreadableValue`. */
export function decodeNamedVisitor(bytes: Buffer): VisitorValue {
  return decodeVisitor(decodeNamed(bytes).value);
}
