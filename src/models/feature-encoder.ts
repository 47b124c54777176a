import { fillOffer } from '../decision/slots.js';
import type { Offer, SlotLayout, Slots } from '../decision/types.js';
import { compileColumn, type CompiledColumn } from './feature-column.js';
import type { ColumnExpression } from './model-loader.js';
import type { InputManifest, InputType } from './model-manifest.js';
import { allocate, type TensorData } from './tensor-data.js';

/** What a model's inputs are filled from. */
export interface FeatureSource { readonly slots: Slots; readonly layout: SlotLayout; readonly offers: readonly Offer[] | null }

/** Row-major, rowCount × width. */
export interface EncodedInput { readonly name: string; readonly type: InputType; readonly width: number; readonly data: TensorData }

export type Encoded =
  | { readonly ok: true; readonly rowCount: number; readonly inputs: readonly EncodedInput[] }
  | { readonly ok: false; readonly reason: string };

/** Fills one row per offer (one row where there are none), or says which column cannot be filled. */
export type FeatureEncoder = (source: FeatureSource) => Encoded;

/**
 * `expressions` is parallel to the inputs' columns; `checkManifest` found nothing wrong with either. A column is
 * evaluated once per request where it does not read the offer, once per offer and catalog where it reads nothing else,
 * and once per row only where it reads both.
 */
export function createFeatureEncoder(inputs: readonly InputManifest[], expressions: readonly (readonly ColumnExpression[])[]): FeatureEncoder {
  const compiled = inputs.map(({ name, type, columns }, index) => compileInput(name, type, columns.map((column, place) => compileColumn(column, expressions[index]![place]!, type))));
  const partsOfOffer = createOfferParts(compiled);
  const anyOfOffer = compiled.some(({ ofOffer }) => ofOffer.length > 0);
  const anyOfBoth = compiled.some(({ ofBoth }) => ofBoth.length > 0);

  return ({ slots, layout, offers }) => {
    const rowCount = offers === null ? 1 : offers.length;
    const encoded = compiled.map(({ name, type, width }): EncodedInput => ({ name, type, width, data: allocate(type, rowCount * width) }));
    if (rowCount === 0) return { ok: true, rowCount, inputs: encoded };

    if (offers === null) fillOffer(slots, layout, null);
    for (const [index, { columns, ofRequest, width }] of compiled.entries()) {
      const { data } = encoded[index]!;
      const reason = fillRow(offers === null ? columns : ofRequest, slots, data, 0);
      if (reason !== null) return { ok: false, reason };
      if (ofRequest.length > 0) repeatFirstRow(data, width, rowCount);
    }
    if (offers === null) return { ok: true, rowCount, inputs: encoded };

    for (let row = 0; row < rowCount; row += 1) {
      const offer = offers[row]!;
      const parts = anyOfOffer ? partsOfOffer(offer, slots, layout) : null;
      if (typeof parts === 'string') return { ok: false, reason: `${parts} (offer ${offer.id})` };
      if (anyOfBoth) fillOffer(slots, layout, offer);
      for (let index = 0; index < compiled.length; index += 1) {
        const { ofBoth, placesOfOffer, width } = compiled[index]!;
        const { data } = encoded[index]!;
        if (parts !== null) place(parts[index]!, placesOfOffer, data, row * width);
        const reason = fillRow(ofBoth, slots, data, row * width);
        if (reason !== null) return { ok: false, reason: `${reason} (offer ${offer.id})` };
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
  /** Those that do not read the offer. */
  readonly ofRequest: readonly PlacedColumn[];
  /** Those that read nothing else; and where in the row their numbers stand. */
  readonly ofOffer: readonly PlacedColumn[];
  readonly placesOfOffer: Int32Array;
  readonly ofBoth: readonly PlacedColumn[];
}

function compileInput(name: string, type: InputType, compiledColumns: readonly CompiledColumn[]): CompiledInput {
  let width = 0;
  const columns = compiledColumns.map((column): PlacedColumn => {
    const offset = width;
    width += column.width;
    return { offset, column };
  });
  const reading = (reads: CompiledColumn['reads']): PlacedColumn[] => columns.filter(({ column }) => column.reads === reads);
  const ofOffer = reading('offer');
  const placesOfOffer = Int32Array.from(ofOffer.flatMap(({ offset, column }) => Array.from({ length: column.width }, (_, place) => offset + place)));
  return { name, type, width, columns, ofRequest: reading('request'), ofOffer, placesOfOffer, ofBoth: reading('both') };
}

/** The numbers of the columns that read nothing but the offer, for each input; or why there are none. Kept with the offer. */
function createOfferParts(inputs: readonly CompiledInput[]): (offer: Offer, slots: Slots, layout: SlotLayout) => readonly TensorData[] | string {
  const known = new WeakMap<Offer, readonly TensorData[] | string>();
  const compute = (slots: Slots): readonly TensorData[] | string => {
    const parts: TensorData[] = [];
    for (const { type, ofOffer, placesOfOffer } of inputs) {
      const part = allocate(type, placesOfOffer.length);
      let at = 0;
      for (const { column } of ofOffer) {
        const reason = column.write(slots, part, at);
        if (reason !== null) return reason;
        at += column.width;
      }
      parts.push(part);
    }
    return parts;
  };
  return (offer, slots, layout) => {
    let parts = known.get(offer);
    if (parts === undefined) {
      fillOffer(slots, layout, offer);
      known.set(offer, parts = compute(slots));
    }
    return parts;
  };
}

function place(part: TensorData, places: Int32Array, data: TensorData, start: number): void {
  for (let index = 0; index < places.length; index += 1) data[start + places[index]!] = part[index]!;
}

function fillRow(columns: readonly PlacedColumn[], slots: Slots, data: TensorData, start: number): string | null {
  for (let index = 0; index < columns.length; index += 1) {
    const { column, offset } = columns[index]!;
    const reason = column.write(slots, data, start + offset);
    if (reason !== null) return reason;
  }
  return null;
}

/** Doubles what is filled until all rows are. */
function repeatFirstRow(data: TensorData, width: number, rowCount: number): void {
  for (let filled = 1; filled < rowCount; filled *= 2) data.copyWithin(filled * width, 0, Math.min(filled, rowCount - filled) * width);
}
