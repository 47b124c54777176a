import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../errors.js';

const kilobyte = 1024;
/** Most bodies; an array of outcomes or a catalog candidate has more room. */
export const bodyLimitBytes = 64 * kilobyte;
export const largeBodyLimitBytes = 1024 * kilobyte;
/** A sender that is cut off while it still sends may never read the answer: so much is read and thrown away first. */
const discardLimitBytes = 8 * 1024 * kilobyte;

/** The whole body, at most `limitBytes`; BODY_TOO_LARGE beyond that, INVALID_REQUEST where the sender goes away. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const announced = Number(request.headers['content-length'] ?? 0);
    let tooLarge = announced > limitBytes;

    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      tooLarge ||= received > limitBytes;
      if (!tooLarge) return void chunks.push(chunk);
      chunks.length = 0;
      if (received > discardLimitBytes) reject(bodyTooLarge(limitBytes));
    });
    request.on('end', () => {
      if (tooLarge) reject(bodyTooLarge(limitBytes));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    // Comes after 'end', too, and after an error, which Node tells only to those who listen for it.
    request.on('close', () => {
      if (!request.complete) reject(new ServiceError('INVALID_REQUEST', 'The connection ended before the body was complete.'));
    });
    if (announced > discardLimitBytes) reject(bodyTooLarge(limitBytes));
  });
}

export function bodyTooLarge(limitBytes: number): ServiceError {
  return new ServiceError('BODY_TOO_LARGE', `The body has more than ${limitBytes / kilobyte} kB, which is the most that is read here.`);
}
