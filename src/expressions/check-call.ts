import { dayMs } from '../decision/calendar.js';
import { textOf, type Node } from './ast.js';
import { macros, noResult, unknownFunction, wrongArguments } from './call-problem.js';
import { report, type Checking } from './checking.js';
import { fold } from './fold.js';
import { functions } from './functions.js';
import { dateByDays, operators, unaryOperators } from './operators.js';
import { calendarTerm, candidates, eventsTerm, convertTo, dispatch } from './overload.js';
import type { Operation, Overload } from './signature.js';
import { broken, isBroken, type Term } from './term.js';
import { didYouMean } from '../suggestion.js';
import { localMsIn } from './timestamps.js';
import { dyn } from './types.js';

type Call = Extract<Node, { kind: 'call' }>;

/** Operators and functions by their table: the overload that takes the arguments, or a problem in plain words. */
export function checkCall(node: Call, checking: Checking): Term {
  const operation = operationOf(node);
  const variable = operation === undefined && (node.name === 'has' || macros.includes(node.name));
  const args = variable ? [] : node.args.map((arg) => checking.check(arg));
  if (operation === undefined) return report(checking, node, unknownFunction(node, checking));
  if (args.some(isBroken)) return broken;
  if (!writtenAs(operation, node)) return report(checking, node, `${node.name} is written ${operation.usage}`);
  const types = args.map((arg) => arg.type);
  const zone = node.method && node.name.startsWith('get') ? args[1] : undefined;
  if (zone !== undefined && noSuchZone(zone)) return report(checking, node.args[1]!, `there is no time zone ${zone.text}; write it as "Europe/Stockholm", "UTC" or "+02:00"`);
  const unknownEvent = unknownEventType(node, operation, args, checking);
  if (unknownEvent !== null) return report(checking, node.args[0]!, unknownEvent);
  const byDays = dateArithmetic(node.name, args);
  const found = byDays !== undefined ? [byDays] : candidates(operation.overloads, operation.variadic === true, types);
  if (found.length === 0) return report(checking, node, wrongArguments(node, operation, args));
  return applyOverloads(node, operation, found, args, checking);
}

function operationOf(node: Call): Operation | undefined {
  if (node.method) return functions.get(node.name);
  if (node.args.length === 1 && unaryOperators.has(node.name)) return unaryOperators.get(node.name);
  return operators.get(node.name) ?? functions.get(node.name);
}

const writtenAs = (operation: Operation, node: Call): boolean => operation.form === 'both' || (operation.form === 'method') === node.method;

function applyOverloads(node: Call, operation: Operation, found: readonly Overload[], args: readonly Term[], checking: Checking): Term {
  const [only] = found;
  const facts = { text: textOf(node), offset: node.offset };
  if (found.length > 1 || only === undefined) {
    const results = new Set(found.map((overload) => overload.result));
    const type = results.size === 1 && typeof only?.result === 'object' ? only.result : dyn;
    return { op: 'call', name: node.name, apply: dispatch(found), canFail: true, args, type, ...facts };
  }
  const converted = args.map((arg, index) => convertTo(only.parameters[index]!, arg));
  const type = typeof only.result === 'function' ? only.result(args.map((arg) => arg.type)) : only.result;
  const term: Term = { op: 'call', name: node.name, apply: only.apply, canFail: only.canFail, args: [...hiddenArguments(only), ...converted], type, ...facts };
  return fold(term, () => report(checking, node, noResult(node, operation, facts.text)));
}

function hiddenArguments({ zoned, historic }: Overload): readonly Term[] {
  return zoned === true ? [calendarTerm] : historic === true ? [eventsTerm] : [];
}

/** A function of the event history names a declared event type: a misspelt one would count nothing for ever. */
function unknownEventType(node: Call, { overloads }: Operation, [first]: readonly Term[], { declarations: { events } }: Checking): string | null {
  if (overloads.every(({ historic }) => historic !== true) || first === undefined || (first.type.kind !== 'string' && first.type.kind !== 'dyn')) return null;
  if (first.op !== 'constant') return `${node.name} needs the event type in quotes: ${node.name}("purchase")`;
  const type = first.value as string;
  return events === undefined || events.includes(type) ? null : `there is no event type "${type}" in triggers/events.yaml${didYouMean(type, events)}`;
}

const noSuchZone = (zone: Term): boolean => zone.op === 'constant' && typeof zone.value === 'string' && localMsIn(zone.value, 0) === undefined;

/** A date plus or minus a constant of whole days is a date; the overload for it, or `undefined`. */
function dateArithmetic(name: string, args: readonly Term[]): Overload | undefined {
  const [a, b] = args;
  if ((name !== '+' && name !== '-') || a?.type.kind !== 'date' || b?.type.kind !== 'duration') return undefined;
  return b.op === 'constant' && (b.value as number) % dayMs === 0 ? dateByDays(name === '+' ? 1 : -1) : undefined;
}
