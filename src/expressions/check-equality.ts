import { textOf, type Node } from './ast.js';
import { comparisonProblem, timeHint } from './call-problem.js';
import { report, type Checking } from './checking.js';
import { equal, memberOf } from './equality.js';
import { fold } from './fold.js';
import { convertTo } from './overload.js';
import { didYouMean } from '../suggestion.js';
import { broken, isBroken, type Apply, type Term } from './term.js';
import { bool, isNumber, manyInWords, typeInWords, unify, type Type } from './types.js';

type Call = Extract<Node, { kind: 'call' }>;
const isTime = (type: Type): boolean => type.kind === 'date' || type.kind === 'timestamp';

/** a == b, a != b. */
export function checkEquality(node: Call, checking: Checking): Term {
  const [a, b] = [checking.check(node.args[0]!), checking.check(node.args[1]!)];
  if (isBroken(a) || isBroken(b)) return broken;
  const mixedTime = isTime(a.type) && isTime(b.type) && a.type.kind !== b.type.kind;
  if (!mixedTime && unify(a.type, b.type) === undefined && !objects(a.type, b.type)) return report(checking, node, comparisonProblem(node.name, a, b));
  const never = neverEqual(a, b) ?? neverEqual(b, a);
  if (never !== undefined) return report(checking, node, never);
  const args = mixedTime ? [convertTo('instant', a), convertTo('instant', b)] : [a, b];
  const simple = isSimple(a.type) && isSimple(b.type);
  const same: Apply = simple ? (left: never, right: never) => left === right : (left: never, right: never) => equal(left, right);
  const other: Apply = simple ? (left: never, right: never) => left !== right : (left: never, right: never) => !equal(left, right);
  return fold({ op: 'call', name: node.name, apply: node.name === '==' ? same : other, canFail: false, args, type: bool, text: textOf(node), offset: node.offset }, () => broken);
}

const objects = (a: Type, b: Type): boolean => (a.kind === 'object' || a.kind === 'map') && (b.kind === 'object' || b.kind === 'map');
/** Values of the type are equal exactly where they are the same in JavaScript. */
export const isSimple = (type: Type): boolean => isNumber(type) || isTime(type) || type.kind === 'string' || type.kind === 'bool' || type.kind === 'duration';

/** A text that can only be one of a few, compared with one that is none of them. */
function neverEqual(term: Term, other: Term): string | undefined {
  if (term.type.kind !== 'string' || term.type.values === undefined) return undefined;
  const { values } = term.type;
  if (other.op === 'constant' && typeof other.value === 'string') return values.includes(other.value) ? undefined : neverIs(term.text, other.value, values);
  if (other.type.kind !== 'string' || other.type.values === undefined || other.type.values.some((value) => values.includes(value))) return undefined;
  return `${term.text} and ${other.text} are never equal: they have no value in common`;
}

function neverIs(text: string, value: string, values: readonly string[]): string {
  const listed = values.length <= 12 ? `; it is one of ${values.map((known) => JSON.stringify(known)).join(', ')}` : '';
  return `${text} is never ${JSON.stringify(value)}${didYouMean(value, values, (best) => JSON.stringify(best)) || listed}`;
}

/** x in list, key in map. */
export function checkIn(node: Call, checking: Checking): Term {
  const [item, collection] = [checking.check(node.args[0]!), checking.check(node.args[1]!)];
  if (isBroken(item) || isBroken(collection)) return broken;
  const within = (apply: Apply, args: readonly Term[] = [item, collection], canFail = false): Term => fold({ op: 'call', name: 'in', apply, canFail, args, type: bool, text: textOf(node), offset: node.offset }, () => broken);
  switch (collection.type.kind) {
    case 'list': return inList(node, item, collection, collection.type.element, checking, within);
    case 'map': case 'object': {
      const key = collection.type.kind === 'map' ? collection.type.key : undefined;
      if (unify(item.type, key ?? { kind: 'string' }) === undefined) return report(checking, node, `in looks for ${typeInWords(item.type)} among keys that are ${(key && manyInWords(key)) ?? 'strings'}: ${item.text}`);
      return within((value: unknown, map: unknown) => memberOf(map, value) !== undefined);
    }
    case 'dyn': {
      const look = (value: unknown, among: unknown): boolean | undefined => (Array.isArray(among) ? among.some((element) => equal(element, value)) : typeof among === 'object' ? memberOf(among, value) !== undefined : undefined);
      return timeHint(collection, item.type) === '' ? within(look, undefined, true) : report(checking, node, comparisonProblem('in', item, collection));
    }
    case 'string': return report(checking, node, `in looks into a list: ${collection.text} is a string; write ${item.type.kind === 'list' ? `${collection.text} in ${item.text}` : `${collection.text}.contains(${item.text})`}`);
    default: return report(checking, node, `in looks into a list or a map: ${collection.text} is ${typeInWords(collection.type)}`);
  }
}

function inList(node: Call, item: Term, list: Term, element: Type, checking: Checking, within: (apply: Apply, args?: readonly Term[]) => Term): Term {
  if (unify(item.type, element) === undefined && !objects(item.type, element)) {
    return report(checking, node, `in looks for ${typeInWords(item.type)} in ${typeInWords(list.type)}: ${item.text} is ${typeInWords(item.type)}${timeHint(item, element)}`);
  }
  const constants = list.op === 'constant' ? (list.value as readonly unknown[]) : undefined;
  const possible = item.type.kind === 'string' ? item.type.values : undefined;
  const impossible = possible && constants?.find((value) => typeof value === 'string' && !possible.includes(value));
  if (typeof impossible === 'string') return report(checking, node, neverIs(item.text, impossible, possible!));
  if (element.kind === 'string' && element.values !== undefined && item.op === 'constant' && !element.values.includes(item.value as string)) return report(checking, node, `${list.text} never holds ${JSON.stringify(item.value)}${didYouMean(item.value as string, element.values, (best) => JSON.stringify(best))}`);
  if (!isSimple(item.type) || !isSimple(element)) return within((value: unknown, values: readonly unknown[]) => values.some((candidate) => equal(candidate, value)));
  if (constants === undefined) return within((value: unknown, values: readonly unknown[]) => values.includes(value));
  const set = new Set(constants);
  return within((value: unknown) => set.has(value), [item]);
}
