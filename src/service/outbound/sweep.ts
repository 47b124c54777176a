import { createHash } from 'node:crypto';
import { sweepId } from '../../customers/agenda.js';

/** The walk over all customers that an event without a subject begins, where triggers with `outbound` wait for it. */
export function sweepOfEvent(eventKey: string): string {
  return sweepId(`event/${createHash('sha256').update(eventKey).digest('base64url')}`);
}

const ofCatalogs = sweepId('catalog/');

/** The walk that a catalog begins when its turn to speak comes: it may make somebody due of whom nothing is heard. */
export function sweepOfCatalog(revision: string, turn: number): string {
  return `${ofCatalogs}${revision}/${turn}`;
}

/** Of a catalog's walk. */
export function turnOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}

export function isOfCatalog(id: string): boolean {
  return id.startsWith(ofCatalogs);
}
