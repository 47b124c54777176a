import type { parse } from '@bufbuild/cel';
import type { Macro, Node } from './ast.js';
import type { Token } from './tokens.js';

type Parsed = ReturnType<typeof parse>;
type Expr = Parsed['expr'];
type Comprehension = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value'];
type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value'];
type Constant = Extract<Expr['exprKind'], { case: 'constExpr' }>['value'];

/** From the parser's tree to ours: macros folded back, chains of && and || flattened. */
export function convert(parsed: Parsed, tokens: readonly Token[]): Node {
  const position = (expr: Expr): number => startOf(parsed.sourceInfo?.positions[expr.id.toString()] ?? 0, tokens);

  const toNode = (expr: Expr | undefined): Node => {
    if (expr === undefined) return { kind: 'refused', offset: 0, message: 'something is missing here' };
    const offset = position(expr);
    const kind = expr.exprKind;
    switch (kind.case) {
      case 'constExpr': return constantNode(kind.value, offset);
      case 'identExpr': return { kind: 'name', offset, name: kind.value.name };
      case 'selectExpr': {
        const operand = toNode(kind.value.operand);
        return { kind: kind.value.testOnly ? 'has' : 'select', offset: operand.offset, operand, field: kind.value.field };
      }
      case 'callExpr': return callNode(kind.value, offset);
      case 'listExpr': return { kind: 'list', offset, elements: kind.value.elements.map(toNode) };
      case 'structExpr': {
        if (kind.value.messageName !== '') return { kind: 'refused', offset, message: `messages are not available: ${kind.value.messageName}{…}` };
        return { kind: 'map', offset, entries: kind.value.entries.map((entry) => [toNode(entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined), toNode(entry.value)] as const) };
      }
      case 'comprehensionExpr': {
        const written = parsed.sourceInfo?.macroCalls[expr.id.toString()]?.exprKind;
        return loopNode(kind.value, written?.case === 'callExpr' ? written.value : undefined);
      }
      default: return { kind: 'refused', offset, message: 'this is not available' };
    }
  };

  const callNode = (call: Call, offset: number): Node => {
    const args = call.args.map(toNode);
    const name = operatorNames.get(call.function) ?? call.function;
    const start = args[0]?.offset ?? offset;
    if (name === '&&' || name === '||') {
      const kind = name === '&&' ? 'and' : 'or';
      return { kind, offset: start, operands: args.flatMap((arg) => (arg.kind === kind ? arg.operands : [arg])) };
    }
    if (name === '?:') return { kind: 'choice', offset: start, condition: args[0]!, then: args[1]!, otherwise: args[2]! };
    if (name === '[]') return { kind: 'index', offset: start, operand: args[0]!, index: args[1]! };
    if (call.target === undefined) return { kind: 'call', offset: call.function.startsWith('_') || name === 'in' ? start : offset, name, method: false, args };
    const target = toNode(call.target);
    return { kind: 'call', offset: target.offset, name, method: true, args: [target, ...args] };
  };

  const loopNode = (loop: Comprehension, written: Call | undefined): Node => {
    const range = toNode(loop.iterRange);
    const macro = (written?.function === 'existsOne' ? 'exists_one' : written?.function) as Macro;
    const step = argumentsOf(loop.loopStep);
    const base = { kind: 'loop', offset: range.offset, macro, range, variable: loop.iterVar } as const;
    if (macro === 'all' || macro === 'exists') return { ...base, body: toNode(step[1]) };
    if (macro === 'exists_one' || macro === 'filter') return { ...base, body: toNode(step[0]) };
    if (written?.args.length === 3) return { ...base, filter: toNode(step[0]), body: toNode(appended(step[1])) };
    return { ...base, body: toNode(appended(loop.loopStep)) };
  };

  return toNode(parsed.expr);
}

const operatorNames: ReadonlyMap<string, string> = new Map(Object.entries({
  '_&&_': '&&', '_||_': '||', '_?_:_': '?:', '_[_]': '[]', '!_': '!', '-_': '-', '@in': 'in', '_==_': '==', '_!=_': '!=', '_<_': '<', '_<=_': '<=', '_>_': '>', '_>=_': '>=', '_+_': '+', '_-_': '-', '_*_': '*', '_/_': '/', '_%_': '%',
}));

const argumentsOf = (expr: Expr | undefined): readonly Expr[] => (expr?.exprKind.case === 'callExpr' ? expr.exprKind.value.args : []);

/** The parser writes `map` as "@result + [body]": the body. */
function appended(step: Expr | undefined): Expr | undefined {
  const list = argumentsOf(step)[1];
  return list?.exprKind.case === 'listExpr' ? list.exprKind.value.elements[0] : undefined;
}

function constantNode({ constantKind }: Constant, offset: number): Node {
  switch (constantKind.case) {
    case 'boolValue': return { kind: 'constant', offset, type: 'bool', value: constantKind.value };
    case 'stringValue': return { kind: 'constant', offset, type: 'string', value: constantKind.value };
    case 'doubleValue': return Number.isFinite(constantKind.value) ? { kind: 'constant', offset, type: 'double', value: constantKind.value } : { kind: 'refused', offset, message: 'this number is too large' };
    case 'int64Value': {
      const value = Number(constantKind.value);
      if (!Number.isSafeInteger(value)) return { kind: 'refused', offset, message: `${constantKind.value.toString()} is beyond the integers that are counted exactly (±9007199254740991)` };
      return { kind: 'constant', offset, type: 'int', value };
    }
    case 'uint64Value': return { kind: 'refused', offset, message: `unsigned integers are not available: write ${constantKind.value.toString()} without the u` };
    case 'bytesValue': return { kind: 'refused', offset, message: 'bytes are not available: write a text, without the b' };
    case 'nullValue': return { kind: 'refused', offset, message: 'null is not available: what is null counts as missing; ask has(customer.age), or !has(customer.age)' };
    default: return { kind: 'refused', offset, message: 'this constant is not available' };
  }
}

/** The parser's position may stand on the blanks before a token: the first token that ends after it. */
function startOf(position: number, tokens: readonly Token[]): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const token = tokens[middle]!;
    if (token.offset + token.text.length > position) high = middle;
    else low = middle + 1;
  }
  return tokens[low]?.offset ?? position;
}
