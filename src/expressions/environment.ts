import { offerKinds, type Condition, type Expression, type Root, type SlotLayout, type Slots } from '../decision/types.js';
import { check } from './check.js';
import type { Declarations } from './checking.js';
import { compile } from './compile.js';
import { convertTo } from './overload.js';
import { parse } from './parse.js';
import type { Problem } from './problem.js';
import { compileRowFilter } from './row-filter.js';
import { createSlotTable, fixedSlots, type SlotTable } from './slots.js';
import { asBool, isBroken, mayBeUnknown, rootsOf, slotsOf, type Term } from './term.js';
import { noteTriggersAsked } from './triggers-asked.js';
import { double, dyn, isNumber, listOf, objectOf, string, timestamp, typeInWords, type Field, type Type } from './types.js';

export type Expected = 'bool' | 'number' | 'string' | 'any';
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the caller knows the value's type from what it expects
export type CompileResult = { readonly ok: true; readonly expression: Expression<any>; readonly type: Type } | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Environment {
  /** Compiles an expression. `roots`: what it may read here; another known root is a problem. `eventData`: the type of
   *  `event.data` here, where it is declared. Reports every problem that it finds, none of which has a side effect but
   *  slots that nothing reads. */
  compile(source: string, options: { readonly roots: readonly Root[]; readonly expect: Expected; readonly eventData?: Type }): CompileResult;
  /** The slots handed out so far; call it after everything is compiled. Derived attributes have slots and no binding. */
  layout(): SlotLayout;
  /** Declares an attribute that is computed for every decision; what is compiled from then on can read it. */
  declareDerived(name: string, type: Type, mayBeMissing: boolean): void;
  /** The slot of a path (`('customer', ['phase'])`, `('now', [])`), or `null` where no expression reads it so far. */
  slotOf(root: Root, path: readonly string[]): number | null;
  /** Whether an expression that was compiled so far may ask if this trigger is active. */
  mayAskFor(trigger: string): boolean;
}

export interface EnvironmentDeclarations {
  readonly customer: Type;
  readonly context: Type;
  readonly offer: Type;
  /** Where given, comparing `channel` (or `triggers`) with another name is a problem. */
  readonly channels?: readonly string[];
  readonly triggers?: readonly string[];
  /** Where given, comparing `offer.id` with another id is a problem. */
  readonly offers?: readonly string[];
  /** Where given, asking for the history of events of another type is a problem. */
  readonly events?: readonly string[];
}

const required = (type: Type): Field => ({ type, required: true });
const optional = (type: Type): Field => ({ type, required: false });
const oneOf = (values: readonly string[] | undefined): Type => (values === undefined ? string : { kind: 'string', values });

export function createEnvironment(declared: EnvironmentDeclarations): Environment {
  const slots = createSlotTable();
  const customer = withFields(declared.customer, { id: optional(string), consents: optional(listOf(string)), holdings: optional(listOf(string)) });
  const derived = new Map<string, { readonly mayBeMissing: boolean }>();
  const asked = new Set<string>();
  let mayAskForAny = false;
  const noteTriggers = (term: Term): void => {
    if (!noteTriggersAsked(term, asked)) mayAskForAny = true;
  };
  const declarations: Declarations = { roots: rootTypes(declared, customer), derived, ...(declared.events !== undefined && { events: declared.events }) };
  return {
    compile: (source, { roots, expect, eventData }) =>
      compileSource(source, roots, expect, eventData === undefined ? declarations : { ...declarations, roots: new Map([...declarations.roots, ['event', eventOf(eventData)]]) }, slots, noteTriggers),
    layout: () => slots.layout(),
    declareDerived: (name, type, mayBeMissing) => {
      customer.fields.set(name, optional(type));
      derived.set(name, { mayBeMissing });
    },
    slotOf: (root, path) => {
      if (root === 'customer' || root === 'context' || root === 'offer') return slots.slotOf(root, path);
      return path.length === 0 ? fixedSlots[root] : null;
    },
    mayAskFor: (trigger) => mayAskForAny || asked.has(trigger),
  };
}

type ObjectType = Extract<Type, { kind: 'object' }> & { readonly fields: Map<string, Field> };

/** The declared fields and our own, which come last and count; a root of which nothing is declared is open. */
function withFields(type: Type, own: Readonly<Record<string, Field>>): ObjectType {
  const fields = new Map([...(type.kind === 'object' ? type.fields : []), ...Object.entries(own)]);
  return type.kind === 'object' && type.open !== true ? { kind: 'object', fields } : { kind: 'object', fields, open: true };
}

function rootTypes(declared: EnvironmentDeclarations, customer: Type): ReadonlyMap<Root, Type> {
  return new Map<Root, Type>([
    ['customer', customer],
    ['context', withFields(declared.context, {})],
    ['offer', withFields(declared.offer, { id: required(oneOf(declared.offers)), kind: required(oneOf(offerKinds)) })],
    ['channel', oneOf(declared.channels)],
    ['direction', oneOf(['inbound', 'outbound'])],
    ['triggers', listOf(oneOf(declared.triggers))],
    ['now', timestamp],
    ['propensity', double],
    ['value', double],
    ['event', eventOf(dyn)],
  ]);
}

/** A CloudEvent. */
function eventOf(data: Type): Type {
  return objectOf({ type: required(string), source: required(string), subject: optional(string), time: required(timestamp), data: optional(data) });
}

function compileSource(source: string, roots: readonly Root[], expect: Expected, declarations: Declarations, slots: SlotTable, note: (term: Term) => void): CompileResult {
  const parsed = parse(source);
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const problems: Problem[] = [];
  const checked = check(parsed.node, { declarations, roots, slots, locals: [], problems });
  if (problems.length === 0 && isBroken(checked)) problems.push({ offset: 0, message: 'this expression cannot be checked' });
  if (problems.length > 0) return { ok: false, problems: problems.sort((a, b) => a.offset - b.offset) };
  const term = asExpected(checked, expect);
  if (typeof term === 'string') return { ok: false, problems: [{ offset: checked.offset, message: term }] };
  note(term);
  return { ok: true, expression: toExpression(source, term), type: term.type };
}

/** The term as what is expected; a `dyn` is examined at evaluation. Or the problem in words. */
function asExpected(term: Term, expect: Expected): Term | string {
  const { kind } = term.type;
  const examined = kind === 'dyn' || kind === 'never';
  switch (expect) {
    case 'any': return term;
    case 'bool': return kind === 'bool' || examined ? asBool(term) : `a condition is expected here, true or false: ${term.text} is ${typeInWords(term.type)}${isQuotedCondition(term) ? '; take the inner quotes away' : ''}`;
    case 'number': return isNumber(term.type) ? term : examined ? convertTo('double', term) : `a number is expected here: ${term.text} is ${typeInWords(term.type)}`;
    case 'string': return kind === 'string' ? term : examined ? convertTo('string', term) : `a text is expected here: ${term.text} is ${typeInWords(term.type)}`;
  }
}

/** A condition within quotes of its own, beside those that YAML asks for. */
const isQuotedCondition = (term: Term): boolean => term.op === 'constant' && /[=<>]|&&|\|\|| in |\bhas\(/.test(String(term.value));

function toExpression(source: string, term: Term): Expression & Pick<Condition, 'among'> {
  const { evaluate, missing } = compile(term);
  return {
    source,
    reads: rootsOf(term),
    slots: slotsOf(term),
    mayBeUnknown: mayBeUnknown(term),
    evaluate,
    missing: (slots: Slots) => {
      const paths = new Set<string>();
      if (evaluate(slots) === undefined) missing(slots, paths);
      return [...paths];
    },
    among: (columns, how) => compileRowFilter(term, columns, how),
  };
}
