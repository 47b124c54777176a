import { isOperator, textOf, type Node } from './ast.js';
import type { Checking } from './checking.js';
import { functions, unavailable } from './functions.js';
import type { Operation } from './signature.js';
import { didYouMean } from '../suggestion.js';
import type { Term } from './term.js';
import { isNumber, kindInWords, typeInWords, unify, type Type } from './types.js';

type Call = Extract<Node, { kind: 'call' }>;
export const macros: readonly string[] = ['all', 'exists', 'exists_one', 'filter', 'map'];

/** Of an operation on constants that has no result. */
export function noResult(node: Call, operation: Operation, text: string): string {
  if ((node.name === '/' || node.name === '%') && !node.method) return `${text} divides by zero, or has no finite result`;
  if (isOperator(node.name)) return `${text} has no result: it is out of range`;
  if (node.name === 'date') return `${text} is not a date; write ${operation.usage}`;
  if (node.name === 'timestamp' || node.name === 'duration') return `${text} is not a ${node.name} of whole milliseconds within range; write ${operation.usage}`;
  return `${text} has no result; write ${operation.usage}`;
}

export function unknownFunction(node: Call, checking: Checking): string {
  if (node.name === 'has') return 'has asks for a field: has(customer.age)';
  if (node.name === 'exists' && !node.method && node.args.length === 1) return `whether there is a value is asked with has(${textOf(node.args[0]!)})`;
  if (macros.includes(node.name)) return `write ${node.method ? '' : 'list.'}${node.name}(x, condition on x), x being any name`;
  const instead = unavailable.get(node.name);
  if (instead !== undefined) return `${node.name} is not available: ${instead}`;
  if (!node.method && checking.declarations.roots.has(node.name as never)) return `${node.name} is not a function: write ${node.name} without ()`;
  if (node.name.toLowerCase() === 'not' && !node.method) return 'write ! in place of "not": !(…)';
  if (node.name.toLowerCase() === 'in' && !node.method) return 'a list is written in square brackets: in ["a", "b"]';
  return `there is no function ${node.name}${didYouMean(node.name, [...functions.keys(), ...macros, 'has'])}`;
}

export function wrongArguments(node: Call, operation: Operation, args: readonly Term[]): string {
  const [a, b] = args;
  const listed = args.map((arg) => `${arg.text} is ${typeInWords(arg.type)}`).join(', ');
  if (isOperator(node.name) && a !== undefined && b !== undefined) return wrongOperands(node.name, a, b, listed);
  if (node.name === '!') return `! needs a condition: ${listed}`;
  if (node.name === '-') return `- needs a number: ${listed}`;
  if (node.name === 'contains' && a?.type.kind === 'list' && b !== undefined) return `contains looks into a text: ${listed}; write ${b.text} in ${a.text}`;
  return `${node.name} is written ${operation.usage}${listed === '' ? '' : `: here ${listed}`}${dayHint(operation, args)}`;
}

/** A text where a date or a timestamp belongs. */
function dayHint(operation: Operation, args: readonly Term[]): string {
  const takesDays = operation.overloads.some(({ parameters }) => parameters[0] === 'day' && parameters.length > 1);
  const day = args.map(dateMeant).find((meant) => meant !== undefined);
  if (day !== undefined && takesDays) return `; write ${day}`;
  const text = args.find((arg) => arg.type.kind === 'string');
  return text !== undefined && takesDays ? `; write date(${text.text})` : '';
}

const verbs: Readonly<Record<string, string>> = { '+': 'adds', '-': 'subtracts', '*': 'multiplies', '/': 'divides', '%': 'divides' };

function wrongOperands(name: string, a: Term, b: Term, listed: string): string {
  const verb = verbs[name];
  if (verb === undefined) return comparisonProblem(name, a, b);
  if (name === '%' && isNumber(a.type) && isNumber(b.type)) return `% needs integers on both sides: ${listed}`;
  const hint = name === '+' && (a.type.kind === 'string' || b.type.kind === 'string') ? '; write string(…) around what is not a text' : daysHint(a, b.type) || daysHint(b, a.type);
  return `${name} ${verb} ${kindInWords(a.type)} and ${kindInWords(b.type)}: ${listed}${hint}`;
}

/** "== compares a number with a text: customer.age is an integer, "18" is a string". */
export function comparisonProblem(name: string, a: Term, b: Term): string {
  return `${name} compares ${kindInWords(a.type)} with ${kindInWords(b.type)}: ${a.text} is ${typeInWords(a.type)}, ${b.text} is ${typeInWords(b.type)}${timeHint(a, b.type) || timeHint(b, a.type) || daysHint(a, b.type) || daysHint(b, a.type) || quotesHint(a, b.type) || quotesHint(b, a.type) || listHint(name, a, b) || listHint(name, b, a) || chainHint(name, a, b)}`;
}

/** Texts beside dates and times: what to write. */
export function timeHint(term: Term, other: Type): string {
  if (term.type.kind !== 'string' && term.type.kind !== 'dyn') return '';
  return other.kind === 'date' || other.kind === 'timestamp' || other.kind === 'duration' ? `; write ${other.kind}(${term.text})` : '';
}

/** A number beside a date, a timestamp or a duration: what to write, taking it for days. */
function daysHint(term: Term, other: Type): string {
  if (!isNumber(term.type) || (other.kind !== 'date' && other.kind !== 'timestamp' && other.kind !== 'duration')) return '';
  const day = other.kind === 'duration' ? undefined : dateMeant(term);
  if (day !== undefined) return `; write ${day}`;
  return `; a number of days is written duration("${term.op === 'constant' ? term.text : '30'}d")`;
}

/** A date without its quotes is a subtraction: 2026-11-01. */
function dateMeant(term: Term): string | undefined {
  const parts = /^\(?(\d{4}) - (\d{1,2})\)? - (\d{1,2})$/.exec(term.text)?.slice(1);
  return parts === undefined ? undefined : `date("${parts.map((part) => part.padStart(2, '0')).join('-')}")`;
}

/** 1 < a < 9 compares a yes or no with a number. */
function chainHint(name: string, a: Term, b: Term): string {
  const first = a.op === 'call' && a.args.length === 2 && a.type.kind === 'bool' ? a.args[1] : undefined;
  return first === undefined || name === '==' || name === '!=' || b.type.kind === 'bool' ? '' : `; write ${a.text} && ${first.text} ${name} ${b.text}`;
}

const written: Readonly<Record<string, boolean>> = { true: true, yes: true, y: true, on: true, 1: true, false: false, no: false, n: false, off: false, 0: false };

/** A number, or true or false, in quotes beside one that is not, and what stands for true or false elsewhere. */
function quotesHint(term: Term, other: Type): string {
  if (term.op !== 'constant') return '';
  const word = String(term.value).toLowerCase();
  if (other.kind === 'bool' && /^(?:true|false)$/.test(word)) return `; write ${word} without quotes`;
  if (other.kind === 'bool' && Object.hasOwn(written, word)) return `; write ${written[word]!}`;
  return typeof term.value === 'string' && isNumber(other) && /^-?\d+(?:\.\d+)?$/.test(word) ? `; write ${word} without quotes` : '';
}

/** A list beside one that it may hold. */
function listHint(name: string, list: Term, item: Term): string {
  if (list.type.kind !== 'list' || (name !== '==' && name !== '!=') || unify(list.type.element, item.type) === undefined) return '';
  const among = `${item.text} in ${list.text}`;
  return `; write ${name === '==' ? among : `!(${among})`}`;
}
