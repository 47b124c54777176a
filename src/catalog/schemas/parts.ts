import { offerKinds, outcomes } from '../../decision/types.js';

/**
 * Pieces that the schemas of several files share. `description` completes the sentence "must be …" where a `pattern`
 * does not fit. A schema looks at the shape only; what a value means (dates, durations, names of other entries,
 * expressions) is checked afterwards, so that a hint can be given. A `title` says how a number in its place is written.
 */
export const id = { type: 'string', pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._:-]{0,127}$', description: 'a name of at most 128 letters, digits, ".", "_", ":" and "-", a letter or digit first' } as const;
export const text = { type: 'string', maxLength: 10_000 } as const;
export const filledText = { type: 'string', minLength: 1, maxLength: 10_000 } as const;
export const number = { type: 'number' } as const;
export const weight = { type: 'number', minimum: 0 } as const;
export const share = { type: 'number', minimum: 0, maximum: 1 } as const;
/** A CEL expression; a YAML `true` or `false` is one, too. */
export const condition = { type: ['string', 'boolean'], title: 'condition' } as const;
/** Read by parseDuration: "30d". */
export const duration = { type: 'string', title: 'duration' } as const;
/** Read by parseDay: "2026-11-01". */
export const date = { type: 'string', title: 'date' } as const;
/** Read by parseMinuteOfDay: "21:00". */
export const timeOfDay = { type: 'string', title: 'time of day' } as const;
export const outcome = { enum: outcomes } as const;
export const kind = { enum: offerKinds } as const;
export const names = { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', minLength: 1 } } as const;

export const stewardship = { owner: filledText, goal: filledText, reviewBy: date, description: text } as const;

export interface RawStewardship {
  readonly owner?: string;
  readonly goal?: string;
  readonly reviewBy?: string;
  readonly description?: string;
}

export type RawCondition = string | boolean;
/** An entry of a list is `undefined` where it did not fit and was taken out; the others keep their places. */
export type RawList<T> = readonly (T | undefined)[];
