import { dayMs } from '../decision/calendar.js';
import { isOperator, textOf, type Node } from './ast.js';
import { report, type Checking } from './checking.js';
import { isDurationFinerThanMs } from './durations.js';
import { functions, unavailable } from './functions.js';
import { dateByDays, operators, unaryOperators } from './operators.js';
import { calendarTerm, candidates, convertTo, dispatch } from './overload.js';
import type { Operation, Overload } from './signature.js';
import { didYouMean } from './suggestion.js';
import { isTimestampFinerThanMs, localMsIn } from './timestamps.js';
import { broken, constantTerm, isBroken, type Term } from './term.js';
import { dyn, isNumber, kindInWords, typeInWords, type Type } from './types.js';

type Call = Extract<Node, { kind: 'call' }>;
const macros = ['all', 'exists', 'exists_one', 'filter', 'map'];

/** Operators and functions by their table: the overload that takes the arguments, or a problem in plain words. */
export function checkCall(node: Call, checking: Checking): Term {
  const operation = operationOf(node);
  const variable = operation === undefined && macros.includes(node.name);
  const args = variable ? [] : node.args.map((arg) => checking.check(arg));
  if (operation === undefined) return report(checking, node, unknownFunction(node, checking));
  if (args.some(isBroken)) return broken;
  if (!writtenAs(operation, node)) return report(checking, node, `write ${operation.usage}`);
  const types = args.map((arg) => arg.type);
  const zone = node.method && node.name.startsWith('get') ? args[1] : undefined;
  if (zone?.op === 'constant' && typeof zone.value === 'string' && localMsIn(zone.value, 0) === undefined) return report(checking, node.args[1]!, `there is no time zone ${zone.text}; write it as "Europe/Stockholm", "UTC" or "+02:00"`);
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
  const term: Term = { op: 'call', name: node.name, apply: only.apply, canFail: only.canFail, args: only.zoned === true ? [calendarTerm, ...converted] : converted, type, ...facts };
  return fold(term, () => report(checking, node, noResult(node, operation, facts.text)));
}

/** What is stored is cut to milliseconds; what an author writes finer than that would be another time than written. */
const finerThanMs: Readonly<Record<string, (text: string) => boolean>> = { timestamp: isTimestampFinerThanMs, duration: isDurationFinerThanMs };

/** A call with constants only is computed at once; one without a result is a mistake that shows now. */
export function fold(term: Extract<Term, { op: 'call' }>, fail: () => Term): Term {
  const values: unknown[] = [];
  for (const arg of term.args) {
    if (arg.op !== 'constant') return term;
    values.push(arg.value);
  }
  const [only] = values;
  if (typeof only === 'string' && finerThanMs[term.name]?.(only) === true) return fail();
  const value = (term.apply as (...values: unknown[]) => unknown)(...values);
  return value === undefined ? fail() : constantTerm(value, term.type, term);
}

function noResult(node: Call, operation: Operation, text: string): string {
  if ((node.name === '/' || node.name === '%') && !node.method) return `${text} divides by zero, or has no finite result`;
  if (isOperator(node.name)) return `${text} has no result: it is out of range`;
  if (node.name === 'timestamp' || node.name === 'duration' || node.name === 'date') return `${text} is not a ${node.name}, or is out of range, or finer than a millisecond; write ${operation.usage}`;
  return `${text} has no result; write ${operation.usage}`;
}

/** A date plus or minus a constant of whole days is a date; the overload for it, or `undefined`. */
function dateArithmetic(name: string, args: readonly Term[]): Overload | undefined {
  const [a, b] = args;
  if ((name !== '+' && name !== '-') || a?.type.kind !== 'date' || b?.type.kind !== 'duration') return undefined;
  return b.op === 'constant' && (b.value as number) % dayMs === 0 ? dateByDays(name === '+' ? 1 : -1) : undefined;
}

function unknownFunction(node: Call, checking: Checking): string {
  if (node.name === 'has') return 'has asks for a field: has(customer.age)';
  if (macros.includes(node.name)) return `write ${node.method ? '' : 'list.'}${node.name}(x, condition on x), x being any name`;
  const instead = unavailable.get(node.name);
  if (instead !== undefined) return `${node.name} is not available: ${instead}`;
  if (!node.method && checking.declarations.roots.has(node.name as never)) return `${node.name} is not a function: write ${node.name} without ()`;
  return `there is no function ${node.name}${didYouMean(node.name, [...functions.keys(), ...macros, 'has'])}`;
}

function wrongArguments(node: Call, operation: Operation, args: readonly Term[]): string {
  const [a, b] = args;
  const listed = args.map((arg) => `${arg.text} is ${typeInWords(arg.type)}`).join(', ');
  if (isOperator(node.name) && a !== undefined && b !== undefined) return wrongOperands(node.name, a, b, listed);
  if (node.name === '!') return `! needs a condition: ${listed}`;
  if (node.name === '-') return `- needs a number: ${listed}`;
  return `${node.name} cannot be asked this way; write ${operation.usage}${listed === '' ? '' : `: ${listed}`}`;
}

const verbs: Readonly<Record<string, string>> = { '+': 'adds', '-': 'subtracts', '*': 'multiplies', '/': 'divides', '%': 'divides' };

function wrongOperands(name: string, a: Term, b: Term, listed: string): string {
  const verb = verbs[name];
  if (verb === undefined) return comparisonProblem(name, a, b);
  if (name === '%' && isNumber(a.type) && isNumber(b.type)) return `% needs integers on both sides: ${listed}`;
  const hint = name === '+' && (a.type.kind === 'string' || b.type.kind === 'string') ? '; write string(…) around what is not a text' : '';
  return `${name} ${verb} ${kindInWords(a.type)} and ${kindInWords(b.type)}: ${listed}${hint}`;
}

/** "== compares a number with a text: customer.age is an integer, "18" is a string". */
export function comparisonProblem(name: string, a: Term, b: Term): string {
  return `${name} compares ${kindInWords(a.type)} with ${kindInWords(b.type)}: ${a.text} is ${typeInWords(a.type)}, ${b.text} is ${typeInWords(b.type)}${timeHint(a, b.type) || timeHint(b, a.type)}`;
}

/** Texts beside dates and times: what to write. */
export function timeHint(term: Term, other: Type): string {
  if (term.type.kind !== 'string' && term.type.kind !== 'dyn') return '';
  return other.kind === 'date' || other.kind === 'timestamp' || other.kind === 'duration' ? `; write ${other.kind}(${term.text})` : '';
}
