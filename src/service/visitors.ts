import type { Linked } from '../customers/customer-store.js';
import { isVisitorKey, visitorKey, visitorIdOf } from '../customers/visitor-id.js';
import type { Catalog } from '../decision/types.js';

/** Whom a call names: a customer, or a visitor. */
export interface Named { readonly customerId?: string | undefined; readonly visitorId?: string | undefined }

/** The id in the store. */
export function heldAs({ customerId, visitorId }: Named): string | undefined {
  return visitorId === undefined ? customerId : visitorKey(visitorId);
}

export function namedBy(id: string): { readonly customerId: string } | { readonly visitorId: string } {
  return isVisitorKey(id) ? { visitorId: visitorIdOf(id) } : { customerId: id };
}

/** A visitor of whom nothing is written for as long as the ledger reaches is forgotten. */
export function visitorUntil(id: string | undefined, { ledger }: Pick<Catalog, 'ledger'>, now: number): number | undefined {
  return id !== undefined && isVisitorKey(id) ? now + ledger.windowMs : undefined;
}

/** Writes for whom a call names; where that visitor was linked to a customer, for the customer. */
export async function following<Result extends { readonly type: string }>(id: string, write: (id: string) => Promise<Result | Linked>): Promise<Result> {
  const result = await write(id);
  return isLinked(result) ? await write(result.customerId) as Result : result;
}

function isLinked(result: { readonly type: string }): result is Linked {
  return result.type === 'linked';
}
