import type { Contact } from '../decision/types.js';

/** As JSON.stringify writes them, in two thirds of its time: contacts are most of a decision log's line, many, and all of one shape. */
export function contactsAsJson(contacts: readonly Contact[]): string {
  return `[${contacts.map(contactAsJson).join(',')}]`;
}

function contactAsJson({ decisionId, offerId, kind, activity, channel, placement, outcome, occurredAt, reason, value, trigger }: Contact): string {
  let members = `"channel":${quoted(channel)},"outcome":"${outcome}","occurredAt":${occurredAt}`;
  if (decisionId !== undefined) members += `,"decisionId":${quoted(decisionId)}`;
  if (offerId !== undefined) members += `,"offerId":${quoted(offerId)}`;
  if (kind !== undefined) members += `,"kind":${quoted(kind)}`;
  if (activity !== undefined) members += `,"activity":${quoted(activity)}`;
  if (placement !== undefined) members += `,"placement":${quoted(placement)}`;
  if (reason !== undefined) members += `,"reason":${quoted(reason)}`;
  if (value !== undefined) members += `,"value":${JSON.stringify(value)}`;
  if (trigger !== undefined) members += `,"trigger":${quoted(trigger)}`;
  return `{${members}}`;
}

/** ASCII without quotes, backslashes and control characters, which JSON writes as it is. */
const plain = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}
