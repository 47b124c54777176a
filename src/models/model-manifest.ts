/** `models/<id>/model.yaml`, parsed: how a request becomes the inputs of an ONNX model, and its outputs ours. */
export interface ModelManifest {
  readonly id: string;
  /** A file beside the manifest. */
  readonly file: string;
  readonly description?: string;
  readonly owner?: string;
  readonly goal?: string;
  readonly reviewBy?: string;
  /** One for each input of the ONNX model. */
  readonly inputs: readonly InputManifest[];
  /** By our name. */
  readonly outputs: Readonly<Record<string, OutputManifest>>;
  /** Of the output `propensity`. */
  readonly calibration?: CalibrationManifest;
  readonly golden?: readonly GoldenManifest[];
}

export const inputTypes = ['float32', 'float64', 'int64', 'string', 'bool'] as const;
export type InputType = (typeof inputTypes)[number];

export interface InputManifest {
  readonly name: string;
  readonly type: InputType;
  /** In order; a `oneHot` column takes as many places as it lists values, and one more with `other`. */
  readonly columns: readonly ColumnManifest[];
}

export type Scalar = string | number | boolean;

export interface ColumnManifest {
  /** An expression, as in a rule. */
  readonly from: string;
  /** For a missing value; with `map` the number for a missing or unmapped one. */
  readonly default?: Scalar;
  readonly oneHot?: readonly Scalar[];
  readonly other?: boolean;
  /** By the value as text. */
  readonly map?: Readonly<Record<string, number>>;
}

/** Of a tensor with several columns, `column` (from 0) or `class` says which. */
export interface OutputManifest {
  readonly tensor: string;
  readonly column?: number;
  /** One of the classes that the model names. */
  readonly class?: string | number;
}

export type CalibrationManifest = { readonly isotonic: readonly (readonly [number, number])[] } | { readonly platt: readonly [number, number] };

/**
 * Rows as the model gets them, by the ONNX input's name; and for each row what it answers before calibration, by our
 * output's name. They prove that the file is the model unharmed and that it scores as in training. They do not prove
 * that the columns stand in the order of the training: the rows do not go through them.
 */
export interface GoldenManifest {
  readonly inputs: Readonly<Record<string, readonly (readonly Scalar[])[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

const text = { type: 'string', minLength: 1 };
const scalar = { type: ['string', 'number', 'boolean'] };
const pair = { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 };
const strict = (required: readonly string[], properties: object, rest: object = {}): object =>
  ({ type: 'object', additionalProperties: false, required, properties, ...rest });
const byName = (value: object): object => ({ type: 'object', minProperties: 1, additionalProperties: value });

/** JSON Schema 2020-12 of a `ModelManifest`. What a schema cannot say, `checkManifest` does. */
export const modelManifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Model',
  ...strict(['id', 'file', 'inputs', 'outputs'], {
    id: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 128 },
    file: { type: 'string', pattern: '^[^./\\\\][^/\\\\]*$', description: 'A file beside model.yaml' },
    description: text,
    owner: text,
    goal: text,
    reviewBy: { type: 'string', format: 'date' },
    inputs: {
      type: 'array', minItems: 1, maxItems: 1000,
      items: strict(['name', 'type', 'columns'], {
        name: text,
        type: { enum: inputTypes },
        columns: {
          type: 'array', minItems: 1, maxItems: 10_000,
          items: strict(['from'], {
            from: text,
            default: scalar,
            oneHot: { type: 'array', items: scalar, minItems: 1, maxItems: 10_000, uniqueItems: true },
            other: { type: 'boolean' },
            map: byName({ type: 'number' }),
          }, { dependentRequired: { other: ['oneHot'] } }),
        },
      }),
    },
    outputs: {
      ...byName(strict(['tensor'], { tensor: text, column: { type: 'integer', minimum: 0 }, class: { type: ['string', 'integer'] } })),
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]*$' },
    },
    calibration: {
      type: 'object', additionalProperties: false, minProperties: 1, maxProperties: 1,
      properties: { isotonic: { type: 'array', items: pair, minItems: 2, maxItems: 10_000 }, platt: pair },
    },
    golden: {
      type: 'array', maxItems: 10_000,
      items: strict(['inputs', 'outputs'], {
        inputs: byName({ type: 'array', minItems: 1, items: { type: 'array', minItems: 1, items: scalar } }),
        outputs: byName({ type: 'array', minItems: 1, items: { type: 'number' } }),
      }),
    },
  }),
} as const;
