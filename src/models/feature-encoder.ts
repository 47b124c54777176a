import { fillOffer } from '../decision/slots.js';
import type { Offer, SlotLayout, Slots } from '../decision/types.js';
import { compileColumn, type CompiledColumn } from './feature-column.js';
import type { ColumnExpression } from './model-loader.js';
import type { InputManifest, InputType } from './model-manifest.js';

/** What a model's inputs are filled from. */
export interface FeatureSource { readonly slots: Slots; readonly layout: SlotLayout; readonly offers: readonly Offer[] | null }

export type TensorData = Float32Array | Float64Array | BigInt64Array | Uint8Array | string[];

/** Row-major, rowCount × width. */
export interface EncodedInput { readonly name: string; readonly type: InputType; readonly width: number; readonly data: TensorData }

export type Encoded =
  | { readonly ok: true; readonly rowCount: number; readonly inputs: readonly EncodedInput[] }
  | { readonly ok: false; readonly reason: string };

/** Fills one row per offer (one row where there are none), or says which column cannot be filled. */
export type FeatureEncoder = (source: FeatureSource) => Encoded;

/** `expressions` is parallel to the inputs' columns; `checkManifest` found nothing wrong with either. */
export function createFeatureEncoder(inputs: readonly InputManifest[], expressions: readonly (readonly ColumnExpression[])[]): FeatureEncoder {
  const compiled = inputs.map(({ name, type, columns }, index) => compileInput(name, type, columns.map((column, place) => compileColumn(column, expressions[index]![place]!, type))));

  return ({ slots, layout, offers }) => {
    const rowCount = offers === null ? 1 : offers.length;
    const encoded = compiled.map(({ name, type, width }): EncodedInput => ({ name, type, width, data: allocate(type, rowCount * width) }));
    if (rowCount === 0) return { ok: true, rowCount, inputs: encoded };

    // What does not depend on the offer: once, into the first row, then copied down.
    if (offers === null) fillOffer(slots, layout, null);
    for (const [index, input] of compiled.entries()) {
      const { data, width } = encoded[index]!;
      const reason = fillRow(offers === null ? input.columns : input.customerColumns, slots, data, 0);
      if (reason !== null) return { ok: false, reason };
      if (input.customerColumns.length > 0) copyFirstRow(data, width, rowCount);
    }
    if (offers === null) return { ok: true, rowCount, inputs: encoded };

    for (let row = 0; row < rowCount; row += 1) {
      fillOffer(slots, layout, offers[row]!);
      for (let index = 0; index < compiled.length; index += 1) {
        const { data, width } = encoded[index]!;
        const reason = fillRow(compiled[index]!.offerColumns, slots, data, row * width);
        if (reason !== null) return { ok: false, reason: `${reason} (offer ${offers[row]!.id})` };
      }
    }
    return { ok: true, rowCount, inputs: encoded };
  };
}

interface PlacedColumn { readonly offset: number; readonly column: CompiledColumn }

interface CompiledInput {
  readonly name: string;
  readonly type: InputType;
  readonly width: number;
  readonly columns: readonly PlacedColumn[];
  readonly customerColumns: readonly PlacedColumn[];
  readonly offerColumns: readonly PlacedColumn[];
}

function compileInput(name: string, type: InputType, compiledColumns: readonly CompiledColumn[]): CompiledInput {
  let width = 0;
  const columns = compiledColumns.map((column): PlacedColumn => {
    const offset = width;
    width += column.width;
    return { offset, column };
  });
  return {
    name, type, width, columns,
    customerColumns: columns.filter(({ column }) => !column.readsOffer),
    offerColumns: columns.filter(({ column }) => column.readsOffer),
  };
}

function fillRow(columns: readonly PlacedColumn[], slots: Slots, data: TensorData, start: number): string | null {
  for (const { offset, column } of columns) {
    const reason = column.write(slots, data, start + offset);
    if (reason !== null) return reason;
  }
  return null;
}

function copyFirstRow(data: TensorData, width: number, rowCount: number): void {
  for (let row = 1; row < rowCount; row += 1) data.copyWithin(row * width, 0, width);
}

export function allocate(type: InputType, length: number): TensorData {
  switch (type) {
    case 'float32': return new Float32Array(length);
    case 'float64': return new Float64Array(length);
    case 'int64': return new BigInt64Array(length);
    case 'bool': return new Uint8Array(length);
    case 'string': return new Array<string>(length).fill('');
  }
}
