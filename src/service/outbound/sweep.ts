import { createHash } from 'node:crypto';
import { sweepId } from '../../customers/agenda.js';

/** The walk over all customers that an event without a subject begins, where triggers with `outbound` wait for it. */
export function sweepOfEvent(eventKey: string): string {
  return sweepId(`event/${createHash('sha256').update(eventKey).digest('base64url')}`);
}

/** The walk that a catalog begins: it may make somebody due of whom nothing is heard. */
export function sweepOfCatalog(revision: string): string {
  return sweepId(`catalog/${revision}`);
}
