import type { Detail } from '../errors.js';
import { ServiceError } from '../errors.js';
import { didYouMean } from '../suggestion.js';
import type { AttributeSchema, Catalog, DecisionRequest, JsonObject } from '../decision/types.js';
import type { DecisionRequest as Body } from './openapi-types.js';

/** Holds a request, well-formed already, against the catalog: names must exist, attributes and context must fit. */
export function readDecisionRequest(body: Body, catalog: Catalog): DecisionRequest {
  const errors: Detail[] = [];
  const mustExist = (pointer: string, what: string, name: string, names: readonly string[]): void => {
    if (!names.includes(name)) errors.push({ pointer, detail: `The ${what} "${name}" is not in the catalog${didYouMean(name, names)}` });
  };

  const channels = body.channels ?? [body.channel!];
  channels.forEach((channel, i) => mustExist(body.channels === undefined ? '/channel' : `/channels/${i}`, 'channel', channel, catalog.channels));
  const seen = new Set<string>();
  body.placements?.forEach(({ id, fallback }, i) => {
    if (seen.has(id)) errors.push({ pointer: `/placements/${i}/id`, detail: `The placement "${id}" is named twice` });
    seen.add(id);
    if (fallback !== undefined && !catalog.offersById.has(fallback)) mustExist(`/placements/${i}/fallback`, 'offer', fallback, [...catalog.offersById.keys()]);
  });
  errors.push(...misfits(catalog.schemas.context, body.context, '/context', false));
  errors.push(...misfits(catalog.schemas.customer, body.customer?.attributes, '/customer/attributes', false));
  if (body.locale !== undefined && !isLocale(body.locale)) errors.push({ pointer: '/locale', detail: `"${body.locale}" is not a language tag; write it like "sv-SE"` });
  if (errors.length > 0) throw new ServiceError('INVALID_REQUEST', 'The request does not fit the catalog', errors);

  if (body.record === 'presented') {
    if (body.customerId === undefined && body.visitorId === undefined) throw new ServiceError('UNPROCESSABLE', 'Only for a known customer can a decision be recorded', [{ pointer: '/customerId', detail: 'record: presented needs a customerId or a visitorId' }]);
    if (body.at !== undefined) throw new ServiceError('UNPROCESSABLE', 'A decision for another time cannot be recorded', [{ pointer: '/at', detail: 'record: presented goes without "at"' }]);
  }
  return {
    channel: channels[0]!,
    ...(body.channels !== undefined && { channels }),
    direction: body.direction ?? (body.channels === undefined ? 'inbound' : 'outbound'),
    limit: body.limit ?? 3,
    placements: body.placements?.map((placement) => ({ ...placement, limit: placement.limit ?? 1 })) ?? null,
    context: (body.context ?? {}) as JsonObject,
    locale: body.locale,
    explain: body.explain ?? 'none',
  };
}

/** What of a request's part does not fit its schema, with pointers from the request's root. */
export function misfits(schema: AttributeSchema, value: object | undefined, pointer: string, complete: boolean): readonly Detail[] {
  return schema.violations((value ?? {}) as JsonObject, { complete }).map((violation) => ({ ...violation, pointer: pointer + violation.pointer }));
}

/** Frontends send the same few again and again, and asking takes longer than a rule: those that were asked for are kept. */
const locales = new Map<string, boolean>();
const mostLocales = 1000;

export function isLocale(text: string): boolean {
  const known = locales.get(text);
  if (known !== undefined) return known;
  if (locales.size >= mostLocales) locales.clear();
  const valid = isLanguageTag(text);
  locales.set(text, valid);
  return valid;
}

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
