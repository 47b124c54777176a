/** An expression as it was written. `offset`: where it begins in the source, for an operator its left operand. */
export type Node =
  | { readonly kind: 'constant'; readonly offset: number; readonly type: 'bool' | 'int' | 'double' | 'string'; readonly value: boolean | number | string }
  | { readonly kind: 'name'; readonly offset: number; readonly name: string }
  | { readonly kind: 'select'; readonly offset: number; readonly operand: Node; readonly field: string }
  | { readonly kind: 'has'; readonly offset: number; readonly operand: Node; readonly field: string }
  /** An operator by its sign, or a function by its name; `method`: written after its first argument, `a.size()`. */
  | { readonly kind: 'call'; readonly offset: number; readonly name: string; readonly method: boolean; readonly args: readonly Node[] }
  | { readonly kind: 'and' | 'or'; readonly offset: number; readonly operands: readonly Node[] }
  | { readonly kind: 'choice'; readonly offset: number; readonly condition: Node; readonly then: Node; readonly otherwise: Node }
  | { readonly kind: 'index'; readonly offset: number; readonly operand: Node; readonly index: Node }
  | { readonly kind: 'list'; readonly offset: number; readonly elements: readonly Node[] }
  | { readonly kind: 'map'; readonly offset: number; readonly entries: readonly (readonly [key: Node, value: Node])[] }
  /** `filter`: of `map(x, filter, body)`. */
  | { readonly kind: 'loop'; readonly offset: number; readonly macro: Macro; readonly range: Node; readonly variable: string; readonly body: Node; readonly filter?: Node }
  /** Something that CEL has and these expressions have not; `message` says what to do. */
  | { readonly kind: 'refused'; readonly offset: number; readonly message: string };

export type Macro = 'all' | 'exists' | 'exists_one' | 'filter' | 'map';

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'select': case 'has': return [node.operand];
    case 'call': return node.args;
    case 'and': case 'or': return node.operands;
    case 'choice': return [node.condition, node.then, node.otherwise];
    case 'index': return [node.operand, node.index];
    case 'list': return node.elements;
    case 'map': return node.entries.flat();
    case 'loop': return node.filter === undefined ? [node.range, node.body] : [node.range, node.filter, node.body];
    default: return [];
  }
}

const operators = new Set(['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', 'in']);
export const isOperator = (name: string): boolean => operators.has(name);

/** The node as source, for messages; long parts are cut. */
export function textOf(node: Node): string {
  const text = write(node, 4);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function write(node: Node, depth: number): string {
  if (depth === 0) return '…';
  const inner = (child: Node): string => write(child, depth - 1);
  const within = (child: Node): string => (child.kind === 'choice' || child.kind === 'and' || child.kind === 'or' || (child.kind === 'call' && operators.has(child.name)) ? `(${inner(child)})` : inner(child));
  switch (node.kind) {
    case 'constant': return typeof node.value === 'string' ? JSON.stringify(node.value) : node.type === 'double' && Number.isSafeInteger(node.value) ? `${node.value}.0` : String(node.value);
    case 'name': return node.name;
    case 'select': return `${within(node.operand)}.${node.field}`;
    case 'has': return `has(${inner(node.operand)}.${node.field})`;
    case 'call': return writeCall(node, inner, within);
    case 'and': return node.operands.map(within).join(' && ');
    case 'or': return node.operands.map(within).join(' || ');
    case 'choice': return `${within(node.condition)} ? ${inner(node.then)} : ${inner(node.otherwise)}`;
    case 'index': return `${within(node.operand)}[${inner(node.index)}]`;
    case 'list': return `[${node.elements.map(inner).join(', ')}]`;
    case 'map': return `{${node.entries.map(([key, value]) => `${inner(key)}: ${inner(value)}`).join(', ')}}`;
    case 'loop': return `${within(node.range)}.${node.macro}(${[node.variable, ...(node.filter ? [inner(node.filter)] : []), inner(node.body)].join(', ')})`;
    case 'refused': return '…';
  }
}

function writeCall(node: Extract<Node, { kind: 'call' }>, inner: (child: Node) => string, within: (child: Node) => string): string {
  const [first, ...rest] = node.args;
  if (operators.has(node.name) && node.args.length === 2) return `${within(node.args[0]!)} ${node.name} ${within(node.args[1]!)}`;
  if ((node.name === '!' || node.name === '-') && first !== undefined) return `${node.name}${within(first)}`;
  if (node.method && first !== undefined) return `${within(first)}.${node.name}(${rest.map(inner).join(', ')})`;
  return `${node.name}(${node.args.map(inner).join(', ')})`;
}
