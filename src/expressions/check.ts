import { textOf, type Node } from './ast.js';
import { checkCall } from './check-call.js';
import { checkEquality, checkIn } from './check-equality.js';
import { checkNegated } from './check-negated.js';
import { checkHas, checkIndex, checkName, checkSelect } from './check-path.js';
import { report, type Checking } from './checking.js';
import { fixedSlots, maxLoopDepth } from './slots.js';
import { asBool, broken, constantTerm, isBroken, isFalse, isTrue, pathOf, type Term } from './term.js';
import { bool, double, dyn, int, listOf, mapOf, nesting, never, string, typeInWords, unify, type Type } from './types.js';

const literalTypes = { bool, int, double, string } as const;
const maxNesting = 3;

/** Checks an expression: gives its term, and notes every problem that it finds. */
export function check(node: Node, around: Omit<Checking, 'check'>): Term {
  const checking: Checking = { ...around, check: (inner) => check(inner, around) };
  switch (node.kind) {
    case 'constant': return constantTerm(node.value, literalTypes[node.type], { text: textOf(node), offset: node.offset });
    case 'name': return checkName(node, checking);
    case 'select': return checkSelect(node, checking);
    case 'has': return checkHas(node, checking);
    case 'index': return checkIndex(node, checking);
    case 'and': case 'or': return checkLogic(node, checking);
    case 'choice': return checkChoice(node, checking);
    case 'call': return checkNegated(node, checking) ?? (node.name === '==' || node.name === '!=' ? checkEquality(node, checking) : node.name === 'in' && !node.method ? checkIn(node, checking) : checkCall(node, checking));
    case 'list': return checkList(node, checking);
    case 'map': return checkMap(node, checking);
    case 'loop': return checkLoop(node, checking);
    case 'refused': return report(checking, node, node.message);
  }
}

const isCondition = (term: Term): boolean => term.type.kind === 'bool' || term.type.kind === 'dyn' || term.type.kind === 'never';

/** A term that must be true or false; reported where its type says otherwise. */
function condition(node: Node, checking: Checking, where: string): Term {
  const term = checking.check(node);
  if (isBroken(term)) return broken;
  return isCondition(term) ? asBool(term) : report(checking, node, `${where}: ${term.text} is ${typeInWords(term.type)}, not true or false${term.type.kind === 'string' && node.kind === 'constant' ? `; each side is a whole comparison: a == "b" || a == ${term.text}` : ''}`);
}

/** Constants that decide nothing are left out; one that decides everything is the result. */
function checkLogic(node: Extract<Node, { kind: 'and' | 'or' }>, checking: Checking): Term {
  const sign = node.kind === 'and' ? '&&' : '||';
  const terms = node.operands.map((operand) => condition(operand, checking, `${sign} joins conditions`));
  if (terms.some(isBroken)) return broken;
  const [decides, decidesNothing] = node.kind === 'and' ? [isFalse, isTrue] : [isTrue, isFalse];
  const rest = terms.filter((term) => !decidesNothing(term));
  const decisive = terms.find(decides);
  if (decisive !== undefined) return decisive;
  if (rest.length <= 1) return rest[0] ?? terms[0]!;
  return { op: node.kind, terms: rest, type: bool, text: textOf(node), offset: node.offset };
}

function checkChoice(node: Extract<Node, { kind: 'choice' }>, checking: Checking): Term {
  const asked = condition(node.condition, checking, 'a choice (? :) needs a condition before the ?');
  const then = checking.check(node.then);
  const otherwise = checking.check(node.otherwise);
  if (isBroken(asked) || isBroken(then) || isBroken(otherwise)) return broken;
  const type = unify(then.type, otherwise.type);
  if (type === undefined) return report(checking, node, `both results of a choice (? :) must be of one type: ${then.text} is ${typeInWords(then.type)}, ${otherwise.text} is ${typeInWords(otherwise.type)}`);
  if (asked.op === 'constant') return { ...(asked.value === true ? then : otherwise), type };
  return { op: 'choice', condition: asked, then, otherwise, type, text: textOf(node), offset: node.offset };
}

/** The type that all share, or `undefined` after a report. */
function common(terms: readonly Term[], nodes: readonly Node[], checking: Checking, what: string): Type | undefined {
  let type: Type = never;
  for (const [index, term] of terms.entries()) {
    const wider = unify(type, term.type);
    if (wider === undefined) {
      report(checking, nodes[index]!, `${what} must be of one type: ${terms[0]!.text} is ${typeInWords(terms[0]!.type)}, ${term.text} is ${typeInWords(term.type)}`);
      return undefined;
    }
    type = wider;
  }
  return type.kind === 'string' && terms.every((term) => term.op === 'constant') ? string : type;
}

function checkList(node: Extract<Node, { kind: 'list' }>, checking: Checking): Term {
  const terms = node.elements.map((element) => checking.check(element));
  if (terms.some(isBroken)) return broken;
  const element = common(terms, node.elements, checking, 'the elements of a list');
  if (element === undefined) return broken;
  const facts = { text: textOf(node), offset: node.offset };
  return bounded(node, listOf(element), checking) ?? (terms.every((term) => term.op === 'constant') ? constantTerm(terms.map((term) => term.value), listOf(element), facts) : { op: 'list', terms, type: listOf(element), ...facts });
}

function bounded(node: Node, type: Type, checking: Checking): Term | undefined {
  return nesting(type) > maxNesting ? report(checking, node, `lists and maps can lie within each other ${maxNesting} deep, not more`) : undefined;
}

function checkMap(node: Extract<Node, { kind: 'map' }>, checking: Checking): Term {
  const keys = node.entries.map(([key]) => checking.check(key));
  const values = node.entries.map(([, value]) => checking.check(value));
  if (keys.some(isBroken) || values.some(isBroken)) return broken;
  const keyType = common(keys, node.entries.map(([key]) => key), checking, 'the keys of a map');
  const valueType = common(values, node.entries.map(([, value]) => value), checking, 'the values of a map');
  if (keyType === undefined || valueType === undefined) return broken;
  if (!['string', 'int', 'bool', 'never'].includes(keyType.kind)) return report(checking, node, `the keys of a map are strings, integers or true/false: ${keys[0]!.text} is ${typeInWords(keyType)}`);
  const written = keys.flatMap((key) => (key.op === 'constant' ? [key.value] : []));
  const repeated = written.find((key, index) => written.indexOf(key) !== index);
  if (repeated !== undefined) return report(checking, node, `the key ${JSON.stringify(repeated)} is there twice`);
  const type = mapOf(keyType, valueType);
  return bounded(node, type, checking) ?? { op: 'map', keys, values, type, text: textOf(node), offset: node.offset };
}

function checkLoop(node: Extract<Node, { kind: 'loop' }>, checking: Checking): Term {
  const range = checking.check(node.range);
  if (isBroken(range)) return broken;
  if (range.type.kind !== 'list' && range.type.kind !== 'dyn') return report(checking, node.range, `${node.macro} goes through a list: ${range.text} is ${typeInWords(range.type)}`);
  if (checking.locals.length >= maxLoopDepth) return report(checking, node, `${node.macro} within ${maxLoopDepth} others is not available; at most ${maxLoopDepth} can lie within each other`);
  const element = range.type.kind === 'list' && range.type.element.kind !== 'never' ? range.type.element : dyn;
  const path = pathOf(range);
  const slot = fixedSlots.firstLocal + checking.locals.length;
  const inside = { ...checking, locals: [...checking.locals, { name: node.variable, slot, type: element, path: path === undefined ? undefined : `${path}[]` }] };
  const inner: Checking = { ...inside, check: (part) => check(part, inside) };
  const filter = node.filter === undefined ? null : condition(node.filter, inner, 'map(x, condition, result) needs a condition');
  const body = node.macro === 'map' ? inner.check(node.body) : condition(node.body, inner, `${node.macro} needs a condition`);
  if (isBroken(body) || (filter !== null && isBroken(filter))) return broken;
  const type = node.macro === 'map' ? listOf(body.type) : node.macro === 'filter' ? listOf(element) : bool;
  return bounded(node, type, checking) ?? { op: 'loop', macro: node.macro, slot, range, filter, body, type, text: textOf(node), offset: node.offset };
}
