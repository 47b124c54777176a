import type { LedgerHorizon } from '../../decision/types.js';
import { UnreadableValue, createReader, createWriter, expectEnd, expectFormat, readByte, readNumber, readText, writeByte, writeNumber, writeText, written } from './bytes.js';
import { decodeCustomer, encodeCustomer, type CustomerValue } from './customer-value.js';

/**
 * A visitor: what is held of one whom nobody has named yet, or whose customer it is.
 *
 *     1                         format
 *     state                     0 open, 1 sealed, 2 linked
 *     expiresAt                 0: never
 *     text                      open: empty; else the link's id, 36 characters, and what belongs to it as JSON
 *     the rest                  the visitor's contacts and events as customer-value.ts; empty: none
 *
 * State, link and versions are within the first 80 bytes, so no two states of a visitor share those.
 */
export type VisitorValue =
  | { readonly state: 'open'; readonly expiresAt: number; readonly customer: CustomerValue }
  /** On its way to a customer: nothing is written here any more, and whoever meets it finishes the link. */
  | { readonly state: 'sealed'; readonly expiresAt: number; readonly seal: Seal; readonly customer: CustomerValue | null }
  /** Whoever names the visitor means the customer. */
  | { readonly state: 'linked'; readonly linkId: string; readonly customerId: string };

/** What a link was asked for, enough for anybody to finish it. */
export interface Seal {
  readonly linkId: string;
  readonly customerId: string;
  readonly now: number;
  /** Of the customer's tombstone, if there was one: another later says that the customer was erased meanwhile. */
  readonly erasedAt: number | null;
  readonly horizon: LedgerHorizon;
  readonly maxContacts: number;
  /** In milliseconds; a window of `null`: without an end. */
  readonly timings: readonly (readonly [trigger: string, opensAfterMs: number, windowMs: number | null, restMs: number])[];
}

const format = 1;
const states = ['open', 'sealed', 'linked'] as const;
const linkIdCharacters = 36;

export function encodeVisitor(visitor: VisitorValue): Buffer {
  const writer = createWriter(256);
  writeByte(writer, format);
  writeByte(writer, states.indexOf(visitor.state));
  writeNumber(writer, visitor.state === 'linked' ? 0 : visitor.expiresAt);
  writeText(writer, linkOf(visitor));
  const customer = visitor.state === 'linked' ? null : visitor.customer;
  return customer === null ? written(writer) : Buffer.concat([written(writer), encodeCustomer(customer)]);
}

function linkOf(visitor: VisitorValue): string {
  if (visitor.state === 'open') return '';
  const { linkId, ...rest } = visitor.state === 'sealed' ? visitor.seal : { linkId: visitor.linkId, customerId: visitor.customerId };
  return linkId + JSON.stringify(rest);
}

/** Throws `UnreadableValue`. The bytes may be reused after it returns. */
export function decodeVisitor(bytes: Buffer): VisitorValue {
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const state = states[readByte(reader)];
  const expiresAt = readNumber(reader);
  const link = readText(reader);
  const customer = reader.position === bytes.length ? null : decodeCustomer(bytes.subarray(reader.position));
  if (state === 'open' && customer !== null) return { state, expiresAt, customer };
  const linkId = link.slice(0, linkIdCharacters);
  const rest = parsed(link.slice(linkIdCharacters));
  if (state === 'sealed') return { state, expiresAt, seal: { linkId, ...rest as unknown as Omit<Seal, 'linkId'> }, customer };
  expectEnd(reader);
  if (state === 'linked' && typeof rest['customerId'] === 'string') return { state, linkId, customerId: rest['customerId'] };
  throw new UnreadableValue('a visitor in an unknown state');
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch { /* the same end */ }
  throw new UnreadableValue('a visitor without its link');
}
