import type { Root } from '../decision/types.js';
import { textOf, type Node } from './ast.js';
import { report, type Checking } from './checking.js';
import { elementOf, memberOf } from './equality.js';
import { fold } from './fold.js';
import { convertTo, matchCost } from './overload.js';
import { fixedSlots, readerOf } from './slots.js';
import { didYouMean, suggest } from '../suggestion.js';
import { broken, isBroken, pathOf, type Apply, type Term } from './term.js';
import { bool, dyn, manyInWords, typeInWords, unify, type Field, type Type } from './types.js';

/** A declared path below a root, of which it is not yet known whether it is read as a value or goes on. */
interface Place { readonly op: 'place'; readonly root: Root; readonly path: readonly string[]; readonly type: Type; readonly mayBeMissing: boolean }

const whereKnown: Readonly<Record<Root, string>> = {
  customer: 'wherever a customer is decided for', context: 'wherever a request is decided', offer: 'where an offer is judged: rules, treatments, models', channel: 'wherever a request is decided', direction: 'wherever a request is decided',
  triggers: 'strategies, rules, treatments and models', now: 'wherever a request is decided', propensity: 'rules', value: 'rules', event: '`on.when` and `matches` of a trigger',
};
const asField = (node: Node): { readonly operand: Node; readonly field: string } | undefined => {
  if (node.kind === 'select' || node.kind === 'has') return node;
  return node.kind === 'index' && node.index.kind === 'constant' && typeof node.index.value === 'string' ? { operand: node.operand, field: node.index.value } : undefined;
};

export const checkName = (node: Node, checking: Checking): Term => settle(node, resolve(node, checking), checking);
export const checkSelect = checkName;

/** has(customer.age): whether there is a value. */
export function checkHas(node: Extract<Node, { kind: 'has' }>, checking: Checking): Term {
  const of = settle(node, resolve(node, checking), checking);
  return isBroken(of) ? broken : { op: 'has', of, type: bool, text: textOf(node), offset: node.offset };
}

/** `list[0]`, `map["key"]`, `customer["age"]`. */
export function checkIndex(node: Extract<Node, { kind: 'index' }>, checking: Checking): Term {
  const key = asField(node)?.field;
  const base = resolve(node.operand, checking);
  if (key !== undefined && base.op === 'place' && base.type.kind === 'object') return checkName(node, checking);
  const of = settle(node.operand, base, checking);
  if (key !== undefined && !isBroken(of) && (of.type.kind === 'dyn' || of.type.kind === 'object')) return fieldOfValue(node, of, key, checking);
  const index = checking.check(node.index);
  if (isBroken(of) || isBroken(index)) return broken;
  const facts = { text: textOf(node), offset: node.offset };
  const element = (type: Type, apply: Apply, key: Term): Extract<Term, { op: 'call' }> => ({ op: 'call', name: '[]', apply, canFail: true, args: [of, key], type, ...facts });
  if (of.type.kind === 'list') {
    if (matchCost('int', index.type) === undefined) return report(checking, node.index, `the elements of a list are counted from 0: ${index.text} is ${typeInWords(index.type)}`);
    return fold(element(of.type.element, elementOf, convertTo('int', index)), () => report(checking, node.index, `${of.text} has no element ${index.text}; they are counted from 0`));
  }
  if (of.type.kind === 'map') {
    if (unify(index.type, of.type.key) === undefined) return report(checking, node.index, `the keys of ${of.text} are ${manyInWords(of.type.key) ?? 'none'}: ${index.text} is ${typeInWords(index.type)}`);
    return element(of.type.value, memberOf, index);
  }
  if (of.type.kind === 'dyn') return element(dyn, ((value: unknown, key: unknown) => (Array.isArray(value) ? (typeof key === 'number' ? elementOf(value, key) : undefined) : memberOf(value, key))), index);
  if (of.type.kind === 'object') return report(checking, node.index, `write the field's name: ${of.text}.name`);
  return report(checking, node.operand, `${of.text} is ${typeInWords(of.type)}; only lists and maps have elements`);
}

function resolve(node: Node, checking: Checking): Place | Term {
  if (node.kind === 'name') return resolveName(node, checking);
  const access = asField(node);
  if (access === undefined) return checking.check(node);
  const base = resolve(access.operand, checking);
  if (base.op === 'place' && base.type.kind === 'object') return fieldOfPlace(node, base, base.type, access.field, checking);
  const of = settle(access.operand, base, checking);
  return isBroken(of) ? broken : fieldOfValue(node, of, access.field, checking);
}

function resolveName(node: Extract<Node, { kind: 'name' }>, checking: Checking): Place | Term {
  const local = checking.locals.findLast(({ name }) => name === node.name);
  if (local !== undefined) return { op: 'slot', slot: local.slot, root: null, path: local.path ?? '', mayBeMissing: local.type.kind === 'dyn', type: local.type, text: node.name, offset: node.offset };
  const root = node.name as Root;
  const type = checking.declarations.roots.get(root);
  if (type === undefined) return report(checking, node, foreignWord(node.name) ?? `${node.name} is not declared${hintForName(node.name, checking)}`);
  if (!checking.roots.includes(root)) return report(checking, node, `${root} cannot be read here, only in ${whereKnown[root].replace(/^(wherever|where)/, 'places $1')}; here are ${checking.roots.join(', ')}`);
  return { op: 'place', root, path: [], type, mayBeMissing: false };
}

const foreignBooleans: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };
const nothings: ReadonlySet<string> = new Set(['none', 'nil', 'undefined', 'missing', 'empty', 'nan']);

/** What stands for true, false or nothing in YAML, in a table or in another language. */
function foreignWord(name: string): string | undefined {
  const word = name.toLowerCase();
  if (Object.hasOwn(foreignBooleans, word)) return `${name} is no word here: write ${foreignBooleans[word]!}, or "${name}" in quotes where a text is meant`;
  if (nothings.has(word)) return `${name} is no word here: whether there is a value is asked with has(customer.age), or !has(customer.age); a text is written in quotes: "${name}"`;
  return word === 'today' || word === 'yesterday' || word === 'tomorrow' ? `${name} is no word here: write now, or a day as date("2026-11-23")` : undefined;
}

function hintForName(name: string, checking: Checking): string {
  const owner = checking.roots.find((root) => {
    const type = checking.declarations.roots.get(root);
    return type?.kind === 'object' && type.fields.has(name);
  });
  if (owner !== undefined) return `; did you mean ${owner}.${name}?`;
  const names = [...checking.roots, ...checking.locals.map((local) => local.name)];
  if (/^(?:true|false)$/i.test(name)) return `; write ${name.toLowerCase()}`;
  return didYouMean(name, names) || `; here are ${checking.roots.join(', ')}. A text is written in quotes: "${name}"`;
}

function fieldOfPlace(node: Node, base: Place, type: Extract<Type, { kind: 'object' }>, name: string, checking: Checking): Place | Term {
  const field: Field | undefined = type.fields.get(name) ?? (type.open === true ? { type: dyn, required: false } : undefined);
  const owner = [base.root, ...base.path].join('.');
  if (field === undefined) return report(checking, node, `${owner}.${name} is not declared${fieldHint(owner, name, [...type.fields.keys()])}`);
  const derived = base.root === 'customer' && base.path.length === 0 ? checking.declarations.derived.get(name) : undefined;
  const alwaysThere = base.root === 'offer' || base.root === 'event' ? field.required : derived?.mayBeMissing === false;
  return { op: 'place', root: base.root, path: [...base.path, name], type: field.type, mayBeMissing: base.mayBeMissing || !alwaysThere };
}

const fieldsListed = 40;

function fieldHint(owner: string, name: string, fields: readonly string[]): string {
  const best = suggest(name, fields);
  if (best !== undefined) return `; did you mean ${owner}.${best}?`;
  if (fields.length === 0) return `; ${owner} has no declared fields`;
  const rest = fields.length - fieldsListed;
  return `; ${owner} has ${fields.slice(0, fieldsListed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function fieldOfValue(node: Node, of: Term, name: string, checking: Checking): Term {
  const base = pathOf(of);
  const field = (type: Type): Term => ({ op: 'field', of, name, path: base === undefined ? undefined : `${base}.${name}`, type, text: textOf(node), offset: node.offset });
  switch (of.type.kind) {
    case 'dyn': case 'never': return field(dyn);
    case 'map': return field(of.type.value);
    case 'object': {
      const declared = of.type.fields.get(name);
      if (declared !== undefined) return field(declared.type);
      return of.type.open === true ? field(dyn) : report(checking, node, `${of.text}.${name} is not declared${fieldHint(of.text, name, [...of.type.fields.keys()])}`);
    }
    case 'list': return report(checking, node, `${of.text} is ${typeInWords(of.type)} and has no field ${name}; ask of its elements: ${of.text}.exists(x, x.${name} …)`);
    default: return report(checking, node, `${of.text} is ${typeInWords(of.type)} and has no field ${name}`);
  }
}

/** A place read as a value: it gets a slot. */
function settle(node: Node, place: Place | Term, checking: Checking): Term {
  if (place.op !== 'place') return place;
  const { root, path, type, mayBeMissing } = place;
  const facts = { text: [root, ...path].join('.'), offset: node.offset };
  const slotTerm = (slot: number): Term => ({ op: 'slot', slot, root, path: facts.text, mayBeMissing, type, ...facts });
  if (path.length === 0 && type.kind === 'object') return report(checking, node, `${root} is not a value; name one of its fields, such as ${root}.${[...type.fields.keys()][0] ?? 'id'}`);
  if (root === 'event') return eventField(path, place, checking, facts);
  if (root === 'customer' || root === 'context' || root === 'offer') return slotTerm(checking.slots.allocate(root, path, type, root === 'customer' && checking.declarations.derived.has(path[0]!)));
  return slotTerm(fixedSlots[root]);
}

/** An event lies in one slot as a whole, since none of it is stored. Its data are JSON there, of a type that may differ
 *  from one expression to the next, so they are read where the declared path ends. */
function eventField(path: readonly string[], place: Place, checking: Checking, facts: { readonly text: string; readonly offset: number }): Term {
  let of: Term = { op: 'slot', slot: fixedSlots.event, root: 'event', path: 'event', mayBeMissing: false, type: checking.declarations.roots.get('event') ?? dyn, text: 'event', offset: facts.offset };
  path.forEach((name, index) => {
    const last = index === path.length - 1;
    const read = last && path[0] === 'data' && place.type.kind !== 'dyn' ? { read: readerOf(place.type) } : {};
    of = { op: 'field', of, name, path: ['event', ...path.slice(0, index + 1)].join('.'), type: last ? place.type : dyn, ...read, ...facts };
  });
  return of;
}
