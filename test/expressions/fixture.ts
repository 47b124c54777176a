import { calendarOf } from '../../src/decision/calendar.js';
import type { Expression, Json, JsonObject, Root, SlotBinding, Slots } from '../../src/decision/types.js';
import { createEnvironment, type CompileResult, type Environment, type Expected } from '../../src/expressions/environment.js';
import { typeFromJsonSchema } from '../../src/expressions/json-schema-type.js';

export const allRoots: readonly Root[] = ['customer', 'offer', 'context', 'channel', 'direction', 'triggers', 'now', 'propensity', 'value', 'event'];

const customer: JsonObject = {
  type: 'object', additionalProperties: false,
  properties: {
    age: { type: 'integer' }, children: { type: 'integer' }, balance: { type: 'number' }, income: { type: 'number' }, name: { type: 'string' }, deceased: { type: 'boolean' }, vulnerable: { type: 'boolean' },
    region: { type: 'string', enum: ['north', 'middle', 'south'] }, housing: { enum: ['rents', 'owns', null] },
    birthDate: { type: 'string', format: 'date' }, memberSince: { type: 'string', format: 'date' }, lastLogin: { type: 'string', format: 'date-time' },
    address: { type: 'object', properties: { city: { type: 'string' }, geo: { type: 'object', properties: { lat: { type: 'number' } } } } },
    tags: { type: 'array', items: { type: 'string', enum: ['vip', 'staff'] } }, scores: { type: 'array', items: { type: 'integer' } },
    orders: { type: 'array', items: { type: 'object', properties: { amount: { type: 'number' }, day: { type: 'string', format: 'date' }, shop: { type: 'string' } } } },
    limits: { type: 'object', additionalProperties: { type: 'integer' } }, extra: {},
  },
};
const context: JsonObject = { type: 'object', properties: { reason: { type: 'string' }, waitSeconds: { type: 'integer' }, page: { type: 'string' } } };
const offer: JsonObject = { type: 'object', required: ['category'], properties: { category: { type: 'string', enum: ['savings', 'credit'] }, risk: { type: 'integer' }, from: { type: 'string', format: 'date' }, tags: { type: 'array', items: { type: 'string' } } } };

export const newEnvironment = (names: { channels?: readonly string[]; triggers?: readonly string[] } = { channels: ['call-center', 'web', 'app'], triggers: ['storm', 'birthday'] }): Environment => createEnvironment({
  customer: typeFromJsonSchema(customer), context: typeFromJsonSchema(context), offer: typeFromJsonSchema(offer), ...names,
});

/** 23 November 2026 is a Monday. */
export const noon = Date.UTC(2026, 10, 23, 12);
export interface Situation {
  readonly customer?: JsonObject; readonly context?: JsonObject; readonly offer?: JsonObject; readonly channel?: string; readonly direction?: string; readonly triggers?: readonly string[];
  readonly now?: number; readonly propensity?: number; readonly value?: number; readonly timeZone?: string; readonly event?: unknown;
}

export function fill(environment: Environment, situation: Situation): Slots {
  const layout = environment.layout();
  const slots: Slots = new Array<unknown>(layout.size).fill(undefined);
  slots[layout.always.calendar] = calendarOf(situation.timeZone ?? 'Europe/Stockholm');
  slots[layout.always.channel] = situation.channel ?? 'web';
  slots[layout.always.direction] = situation.direction ?? 'inbound';
  slots[layout.always.triggers] = situation.triggers ?? [];
  slots[layout.always.now] = situation.now ?? noon;
  slots[layout.always.propensity] = situation.propensity;
  slots[layout.always.value] = situation.value;
  slots[environment.slotOf('event', [])!] = situation.event;
  const read = (bindings: readonly SlotBinding[], source: JsonObject): void => {
    for (const binding of bindings) {
      let json: Json | undefined = source;
      for (const name of binding.path) json = typeof json === 'object' && json !== null && Object.hasOwn(json, name) ? (json as JsonObject)[name] : undefined;
      slots[binding.slot] = json === undefined || json === null ? undefined : binding.read(json);
    }
  };
  read(layout.customer, situation.customer ?? {});
  read(layout.context, situation.context ?? {});
  read(layout.offer, { id: 'loan', kind: 'cross-sell', category: 'credit', ...situation.offer });
  return slots;
}

export function compileWith(environment: Environment, source: string, expect: Expected = 'any'): Expression {
  const compiled: CompileResult = environment.compile(source, { roots: allRoots, expect });
  if (!compiled.ok) throw new Error(`${source}: ${compiled.problems.map((problem) => problem.message).join('; ')}`);
  return compiled.expression as Expression;
}

/** The value, and what is missing where there is none. */
export function evaluate(source: string, situation: Situation = {}): { readonly value: unknown; readonly missing: readonly string[]; readonly expression: Expression } {
  const environment = newEnvironment();
  const expression = compileWith(environment, source);
  const slots = fill(environment, situation);
  const value = expression.evaluate(slots);
  return { value, missing: expression.missing(slots), expression };
}

export function problemsOf(source: string, expect: Expected = 'any', roots: readonly Root[] = allRoots): readonly { offset: number; length?: number; message: string }[] {
  const compiled = newEnvironment().compile(source, { roots, expect });
  return compiled.ok ? [] : compiled.problems;
}
