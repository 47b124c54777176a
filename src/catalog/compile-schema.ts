import { calendarOf, isTimeZone, type Calendar } from '../decision/calendar.js';
import type { AttributeSchema, Catalog, JsonObject } from '../decision/types.js';
import { compileAttributeSchema } from './attribute-schema.js';
import { checkShape } from './check-shape.js';
import type { Pause } from './pauses.js';
import { createNames, type Names } from './references.js';
import { schemaFileSchema, type RawSchemaFile } from './schemas/schema-file-schema.js';
import { itemsOf, type Spot } from './spot.js';
import { didYouMean } from '../suggestion.js';

/** schema.yaml, checked: what all other files are checked against. */
export interface CompiledSchema {
  /** False: there is no schema.yaml, or none that can be read. Nothing can be said of any attribute. */
  readonly readable: boolean;
  readonly raw: RawSchemaFile;
  readonly spot: Spot;
  readonly currency: string;
  readonly calendar: Calendar;
  readonly channels: readonly string[];
  readonly channelCosts: Catalog['channelCosts'];
  readonly activities: readonly string[];
  readonly control: Catalog['control'];
  /** `null`: it is none, which is reported; what it would say of the attributes is not known. */
  readonly schemas: { readonly [name in 'customer' | 'context' | 'offer']: AttributeSchema | null };
  readonly channelNames: Names;
}

export const nothingDeclared: JsonObject = { type: 'object', additionalProperties: false, properties: {} };

/** The attributes that are declared by themselves. */
const reserved = { customer: ['id', 'consents', 'holdings'], context: [], offer: ['id', 'kind'] } as const;

/** `value` is `undefined` where schema.yaml is missing or could not be read, which has been reported. */
export async function compileSchema(value: unknown, spot: Spot, pause: Pause): Promise<CompiledSchema> {
  const readable = typeof value === 'object' && value !== null && !Array.isArray(value);
  const raw = (value !== undefined ? checkShape(schemaFileSchema, value, spot) ?? {} : {}) as RawSchemaFile;

  const channelNames = createNames('channel', itemsOf(raw.channels, spot).map(({ item }) => item));
  if (raw.channels === undefined) channelNames.incomplete();
  const attributes = async (name: 'customer' | 'context' | 'offer'): Promise<AttributeSchema | null> => {
    if (!readable) return null;
    await pause();
    const schema = raw[name] ?? nothingDeclared;
    const at = spot.at(name);
    for (const taken of reserved[name]) {
      if (Object.hasOwn(propertiesOf(schema), taken)) at.at('properties', taken).errorAtKey(`${name}.${taken} is declared by itself: take it out`);
    }
    return compileAttributeSchema(schema, at) ?? null;
  };
  return {
    readable, raw, spot, channelNames,
    currency: raw.currency ?? '',
    calendar: calendarOf(knownTimeZone(raw.timeZone, spot.at('timeZone'))),
    channels: itemsOf(raw.channels, spot).map(({ item }) => item),
    channelCosts: costsOf(raw.channelCosts, channelNames, spot.at('channelCosts')),
    activities: itemsOf(raw.activities, spot).map(({ item }) => item),
    control: { share: raw.control?.share ?? 0, salt: raw.control?.salt ?? '' },
    schemas: { customer: await attributes('customer'), context: await attributes('context'), offer: await attributes('offer') },
  };
}

function costsOf(raw: RawSchemaFile['channelCosts'], channelNames: Names, spot: Spot): Catalog['channelCosts'] {
  return new Map(Object.entries(raw ?? {}).flatMap(([channel, cost]) => (channelNames.check(channel, spot.at(channel)) && cost !== undefined ? [[channel, cost]] : [])));
}

export function propertiesOf(schema: JsonObject): JsonObject {
  const properties = Object.hasOwn(schema, 'properties') ? schema['properties'] : undefined;
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties) ? (properties as JsonObject) : {};
}

function knownTimeZone(timeZone: string | undefined, spot: Spot): string {
  if (timeZone === undefined) return 'UTC';
  if (isTimeZone(timeZone)) return timeZone;
  const zones = Intl.supportedValuesOf('timeZone');
  const ofCity = zones.find((zone) => zone.toLowerCase().endsWith(`/${timeZone.toLowerCase().replaceAll(' ', '_')}`));
  const meant = ofCity === undefined ? didYouMean(timeZone, zones) : `; did you mean ${ofCity}?`;
  spot.error(`there is no time zone "${timeZone}"${meant === '' ? ': write it as Europe/Stockholm, continent and city' : meant}`);
  return 'UTC';
}
