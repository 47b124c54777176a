import { isUtf8 } from 'node:buffer';
import type { Detail } from '../errors.js';
import { invalidRequest } from './invalid-request.js';
import { findJsonMistake } from './json-syntax.js';

/** Deeper nesting is refused: whatever walks a value later may recurse. */
export const maxDepth = 64;

/** JSON from the bytes of a body, with nothing in it that is unsafe to hand on: see `findFlaw`. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) throw invalidRequest({ pointer: '', detail: 'is empty, and JSON was expected' });
  const decoded = bytes.toString('utf8');
  if (decoded.includes(replacement) && !isUtf8(bytes)) throw invalidRequest({ pointer: '', detail: 'is not valid UTF-8' });
  const text = decoded.charCodeAt(0) === byteOrderMark ? decoded.slice(1) : decoded;
  const value = parse(text);
  const flaw = findFlaw(value, 0, text.includes('\\u') && escapedSurrogate.test(text));
  if (flaw === null) return value;
  throw invalidRequest(flaw);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const { line, column, detail } = findJsonMistake(text) ?? { line: 1, column: 1, detail: 'not JSON' };
    throw invalidRequest({ pointer: '', detail: `is not JSON: line ${line}, column ${column}: ${detail}` });
  }
}

const byteOrderMark = 0xfeff;
/** What bytes that are no UTF-8 are decoded to; somebody may also have sent it. */
const replacement = '\ufffd';
// A lone surrogate can only come from an escape: the bytes are UTF-8.
const escapedSurrogate = /\\u[dD][89a-fA-F]/;
const loneSurrogate = /\p{Surrogate}/u;

/** What `JSON.parse` lets through and others stumble over: numbers beyond a double, half characters (which change
 *  when they are written as UTF-8), the name `__proto__`, and nesting without end. */
function findFlaw(value: unknown, depth: number, checkTexts: boolean): Detail | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : { pointer: '', detail: 'is a number too large to represent' };
  if (typeof value === 'string') return checkTexts && loneSurrogate.test(value) ? { pointer: '', detail: 'holds half of a surrogate pair, which is not a character' } : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === maxDepth) return { pointer: '', detail: `is nested deeper than ${maxDepth} levels` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const flaw = findFlaw(value[index], depth + 1, checkTexts);
      if (flaw !== null) return below(index, flaw);
    }
    return null;
  }
  for (const name in value) {       // what JSON.parse made inherits nothing that is enumerable; Object.entries takes twice the time
    if (name === '__proto__') return { pointer: '/__proto__', detail: 'is not allowed as a name' };
    if (checkTexts && loneSurrogate.test(name)) return { pointer: '', detail: 'holds a name with half of a surrogate pair, which is not a character' };
    const flaw = findFlaw((value as Record<string, unknown>)[name], depth + 1, checkTexts);
    if (flaw !== null) return below(name, flaw);
  }
  return null;
}

function below(step: string | number, { pointer, detail }: Detail): Detail {
  return { pointer: `/${escapePointer(String(step))}${pointer}`, detail };
}

/** One step of a JSON Pointer (RFC 6901). */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
