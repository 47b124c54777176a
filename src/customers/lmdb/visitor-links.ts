import { decodeLink, encodeLink, inLinkOrder, type VisitorLink } from '../values/visitor-link.js';
import { visitorKey } from '../visitor-id.js';
import type { Tables } from './environment.js';
import { afterPrefix, customerPrefix, linkKey } from './keys.js';

export function getLink(tables: Tables, customerId: string, visitor: string): VisitorLink | null {
  const bytes = tables.links.getBinaryFast(linkKey(customerId, visitor));
  return bytes === undefined ? null : decodeLink(bytes);
}

export function putLink(tables: Tables, customerId: string, link: VisitorLink): void {
  void tables.links.put(linkKey(customerId, visitorKey(link.visitorId)), encodeLink(link));
}

export function removeLink(tables: Tables, customerId: string, visitor: string): void {
  void tables.links.remove(linkKey(customerId, visitor));
}

export function linksOf(tables: Tables, customerId: string): readonly VisitorLink[] {
  return inLinkOrder(Array.from(tables.links.getRange(rangeOf(customerId)), ({ value }) => decodeLink(value)));
}

export function countLinks(tables: Tables, customerId: string): number {
  return tables.links.getKeysCount(rangeOf(customerId));
}

/** In place of those that were there. */
export function takeLinks(tables: Tables, customerId: string, links: readonly VisitorLink[]): void {
  for (const key of Array.from(tables.links.getKeys(rangeOf(customerId)))) void tables.links.remove(key);
  for (const link of links) putLink(tables, customerId, link);
}

function rangeOf(customerId: string): { readonly start: Buffer; readonly end: Buffer } {
  const start = customerPrefix(customerId);
  return { start, end: afterPrefix(start) };
}
