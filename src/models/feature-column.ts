import type { Expression, Slots } from '../decision/types.js';
import type { ColumnExpression, ColumnValueType } from './model-loader.js';
import type { ColumnManifest, InputType, Scalar } from './model-manifest.js';
import type { TensorData } from './tensor-data.js';

/** One entry of an input's `columns`, ready to be evaluated: it takes `width` places of the row. */
export interface CompiledColumn {
  readonly width: number;
  readonly reads: 'request' | 'offer' | 'both';
  /** Fills its places from `at` on; `null`, or why it cannot. */
  write(slots: Slots, data: TensorData, at: number): string | null;
}

type Store = (data: TensorData, at: number, value: unknown) => string | null;

const dayMs = 86_400_000;

export function compileColumn(column: ColumnManifest, { expression, type }: ColumnExpression, inputType: InputType): CompiledColumn {
  const write = column.oneHot !== undefined
    ? oneHotWriter(expression, column.oneHot, column, storeOf(inputType))
    : column.map !== undefined
      ? mapWriter(expression, column.map, column.default, storeOf(inputType))
      : plainWriter(expression, type, column.default, storeOf(inputType));
  return { width: columnWidth(column), reads: !expression.reads.has('offer') ? 'request' : expression.reads.size === 1 ? 'offer' : 'both', write };
}

/** How many places of the row a column takes. */
export function columnWidth({ oneHot, other }: ColumnManifest): number {
  return oneHot === undefined ? 1 : oneHot.length + (other === true ? 1 : 0);
}

function plainWriter(expression: Expression, type: ColumnValueType, missing: Scalar | undefined, store: Store): CompiledColumn['write'] {
  const inDays = type === 'timestamp' || type === 'duration';
  return (slots, data, at) => {
    const value = expression.evaluate(slots);
    if (value === undefined) return missing === undefined ? noDefault(expression, slots) : store(data, at, missing);
    const reason = store(data, at, inDays && typeof value === 'number' ? value / dayMs : value);
    return reason === null ? null : `${expression.source}: ${reason}`;
  };
}

/** `default` stands for a missing value; what is not listed, or missing without one, is `other` or all 0. */
function oneHotWriter(expression: Expression, values: readonly Scalar[], { default: missing, other }: ColumnManifest, store: Store): CompiledColumn['write'] {
  const places = new Map<unknown, number>(values.map((value, place) => [value, place]));
  const width = values.length + (other === true ? 1 : 0);
  return (slots, data, at) => {
    const value = expression.evaluate(slots) ?? missing;
    const hot = places.get(plain(value)) ?? (other === true ? values.length : -1);
    for (let place = 0; place < width; place += 1) store(data, at + place, place === hot);
    return null;
  };
}

function mapWriter(expression: Expression, numbers: Readonly<Record<string, number>>, missing: Scalar | undefined, store: Store): CompiledColumn['write'] {
  const byText = new Map(Object.entries(numbers));
  return (slots, data, at) => {
    const value = expression.evaluate(slots);
    const number = isScalar(value) ? byText.get(String(value)) : undefined;
    if (number !== undefined) return store(data, at, number);
    if (missing !== undefined) return store(data, at, missing);
    return value === undefined ? noDefault(expression, slots) : `${expression.source}: a value that the map does not name, and there is no default`;
  };
}

function isScalar(value: unknown): value is Scalar | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
}

/** Integers of an expression may come as bigint; the lists of a manifest are numbers. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function noDefault(expression: Expression, slots: Slots): string {
  return `${expression.source} is unknown and has no default (missing: ${expression.missing(slots).join(', ')})`;
}

/** How a value becomes an element of a tensor; a reason where it would not arrive as what it is. */
function storeOf(type: InputType): Store {
  switch (type) {
    case 'float32':
    case 'float64': return storeFloat;
    case 'int64': return storeInteger;
    case 'bool': return storeBoolean;
    case 'string': return storeText;
  }
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'bigint' ? Number(value) : undefined;
}

function storeFloat(data: TensorData, at: number, value: unknown): string | null {
  const number = toNumber(value);
  if (number === undefined) return 'not a number';
  data[at] = number;
  // A model would answer something for an infinity, so one that only comes from the narrower type is caught here.
  if (Number.isFinite(data[at])) return null;
  return Number.isFinite(number) ? 'too large for the type of the input' : 'not a finite number';
}

function storeInteger(data: TensorData, at: number, value: unknown): string | null {
  const number = toNumber(value);
  if (number === undefined) return 'not a number';
  if (!Number.isInteger(number)) return 'not a whole number, and the input is int64';
  if (number < -(2 ** 63) || number >= 2 ** 63) return 'too large for int64';
  data[at] = BigInt(number);
  return null;
}

function storeBoolean(data: TensorData, at: number, value: unknown): string | null {
  const number = toNumber(value);
  if (number !== 0 && number !== 1) return 'neither true nor false';
  data[at] = number;
  return null;
}

function storeText(data: TensorData, at: number, value: unknown): string | null {
  if (typeof value !== 'string') return 'not a text';
  data[at] = value;
  return null;
}
