import { parseDay } from '../decision/calendar.js';
import type { Expression, Json, Root, SlotBinding, SlotLayout } from '../decision/types.js';
import { parseTimestamp } from './timestamps.js';
import type { Type } from './types.js';

/** The slots that every layout has. `storeUnread` is true where the store could not be read; `event` holds `{ type, source, subject, time, data }`, its time in epoch
 *  milliseconds; `events` the customer's event history; `offer` the offer whose attributes stand in the slots; the locals hold the variables of comprehensions, by depth. */
export const fixedSlots = { calendar: 0, channel: 1, direction: 2, triggers: 3, now: 4, propensity: 5, value: 6, storeUnread: 7, event: 8, events: 9, offer: 10, firstLocal: 11 } as const;
export const maxLoopDepth = 2;
const firstFreeSlot = fixedSlots.firstLocal + maxLoopDepth;

/** Whether it reads an attribute of the customer, the context or the offer. */
export function readsAttributes({ slots }: Pick<Expression, 'slots'>): boolean {
  return [...slots].some((slot) => slot >= firstFreeSlot);
}

export function readsHistory({ slots }: Pick<Expression, 'slots'>): boolean {
  return slots.has(fixedSlots.events);
}

type DeclaredRoot = 'customer' | 'context' | 'offer';

/** Hands out one slot for each distinct path. */
export interface SlotTable {
  allocate(root: DeclaredRoot, path: readonly string[], type: Type, derived: boolean): number;
  slotOf(root: DeclaredRoot, path: readonly string[]): number | null;
  layout(): SlotLayout;
}

export function createSlotTable(): SlotTable {
  const slots = new Map<string, { readonly slot: number; readonly root: DeclaredRoot; readonly derived: boolean; readonly binding: SlotBinding }>();
  const keyOf = (root: Root, path: readonly string[]): string => JSON.stringify([root, ...path]);
  return {
    allocate: (root, path, type, derived) => {
      const key = keyOf(root, path);
      const known = slots.get(key);
      if (known !== undefined) return known.slot;
      const slot = firstFreeSlot + slots.size;
      slots.set(key, { slot, root, derived, binding: { slot, path: [...path], read: readerOf(type) } });
      return slot;
    },
    slotOf: (root, path) => slots.get(keyOf(root, path))?.slot ?? null,
    layout: () => {
      const { calendar, channel, direction, triggers, now, propensity, value, storeUnread, event, events, offer } = fixedSlots;
      const bindings = (root: DeclaredRoot): SlotBinding[] => [...slots.values()].filter((entry) => entry.root === root && !entry.derived).map((entry) => entry.binding);
      return { size: firstFreeSlot + slots.size, always: { calendar, channel, direction, triggers, now, propensity, value, storeUnread, event, events, offer }, customer: bindings('customer'), context: bindings('context'), offer: bindings('offer') };
    },
  };
}

type Reader = (value: Json) => unknown;

/** Turns a JSON value into the value that expressions compute with; `undefined` where it does not fit the type. */
export function readerOf(type: Type): Reader {
  switch (type.kind) {
    case 'bool': return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'int': return (value) => (Number.isSafeInteger(value) ? (value as number) + 0 : undefined);
    case 'double': return (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
    case 'date': return (value) => (typeof value === 'string' ? parseDay(value) : undefined);
    case 'timestamp': return (value) => (typeof value === 'string' ? parseTimestamp(value) : undefined);
    case 'string': {
      const values = type.values && new Set(type.values);
      return (value) => (typeof value === 'string' && (values === undefined || values.has(value)) ? value : undefined);
    }
    case 'list': return listReader(readerOf(type.element));
    case 'map': return mapReader(readerOf(type.value));
    case 'object': return objectReader(new Map([...type.fields].map(([name, field]) => [name, readerOf(field.type)])), type.open === true);
    case 'dyn': return (value) => value ?? undefined;
    default: return () => undefined;
  }
}

function listReader(readElement: Reader): Reader {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const elements: unknown[] = [];
    for (const element of value as readonly Json[]) {
      const read = readElement(element);
      if (read === undefined) return undefined;
      elements.push(read);
    }
    return elements;
  };
}

const isObject = (value: Json): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);

function mapReader(readValue: Reader): Reader {
  return (value) => {
    if (!isObject(value)) return undefined;
    const entries = new Map<string, unknown>();
    for (const [key, json] of Object.entries(value)) {
      const read = readValue(json);
      if (read !== undefined) entries.set(key, read);
    }
    return entries;
  };
}

/** A field that is missing, or does not fit, is absent from the result. */
function objectReader(fields: ReadonlyMap<string, Reader>, open: boolean): Reader {
  return (value) => {
    if (!isObject(value)) return undefined;
    const read = Object.create(null) as Record<string, unknown>;
    for (const [name, json] of Object.entries(value)) {
      const readField = fields.get(name);
      const result = readField !== undefined ? readField(json) : open ? (json ?? undefined) : undefined;
      if (result !== undefined) read[name] = result;
    }
    return read;
  };
}
