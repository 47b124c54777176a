import { textOf, type Node } from './ast.js';
import { report, type Checking } from './checking.js';
import { isBroken, type Term } from './term.js';
import { typeInWords } from './types.js';

const comparisons: ReadonlySet<string> = new Set(['in', '==', '!=', '<', '<=', '>', '>=']);

/** `!a in b` negates `a` alone. Reported where `a` is no condition, with what was meant; `undefined`: it is not that. */
export function checkNegated({ name, method, args: [left, right] }: Extract<Node, { kind: 'call' }>, checking: Checking): Term | undefined {
  if (method || !comparisons.has(name) || left?.kind !== 'call' || left.method || left.name !== '!' || right === undefined) return undefined;
  const [operand] = left.args;
  // Nothing that is nested: it is checked once more where it is right, and its own parts would be, too.
  if (operand?.kind !== 'name' && operand?.kind !== 'select' && operand?.kind !== 'constant') return undefined;
  const negated = checking.check(operand);
  if (isBroken(negated)) return negated;
  if (negated.type.kind === 'bool' || negated.type.kind === 'dyn' || negated.type.kind === 'never') return undefined;
  return report(checking, left, `! negates ${negated.text} alone, which is ${typeInWords(negated.type)}; write !(${negated.text} ${name} ${textOf(right)})`);
}
