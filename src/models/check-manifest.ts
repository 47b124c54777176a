import { calibratedOutput, checkCalibration } from './calibration.js';
import type { ColumnExpression, ColumnExpressions, ColumnValueType, ManifestProblem } from './model-loader.js';
import type { ColumnManifest, InputManifest, InputType, ModelManifest, Scalar } from './model-manifest.js';
import { didYouMean } from '../suggestion.js';

/** What is wrong with a manifest by itself: the model's file is not needed. */
export function checkManifest(manifest: ModelManifest, expressions: ColumnExpressions): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  const names = new Set<string>();
  manifest.inputs.forEach((input, index) => {
    const path = `/inputs/${index}`;
    if (names.has(input.name)) problems.push({ path: `${path}/name`, message: `The input "${input.name}" has two entries` });
    names.add(input.name);
    input.columns.forEach((column, place) => {
      problems.push(...checkColumn(`${path}/columns/${place}`, input, column, expressions[index]?.[place] ?? null));
    });
  });
  for (const [name, output] of Object.entries(manifest.outputs)) {
    if (output.column !== undefined && output.class !== undefined) problems.push({ path: `/outputs/${name}`, message: 'Give either `column` or `class`, not both' });
  }
  if (manifest.calibration !== undefined) {
    problems.push(...checkCalibration(manifest.calibration));
    if (!Object.hasOwn(manifest.outputs, calibratedOutput)) problems.push({ path: '/calibration', message: `Calibration applies to the output "${calibratedOutput}", which this model does not have` });
  }
  return problems;
}

const unusableRoots = ['propensity', 'value', 'event'] as const;

function checkColumn(path: string, { type }: InputManifest, column: ColumnManifest, compiled: ColumnExpression | null): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  const problem = (member: string, message: string): void => void problems.push({ path: `${path}${member}`, message });
  const { oneHot, map } = column;
  if (oneHot !== undefined && map !== undefined) problem('', 'Give either `oneHot` or `map`, not both');
  if (type === 'string' && oneHot !== undefined) problem('/oneHot', 'An input of type string takes the text itself: `oneHot` is for numbers');
  if (type === 'string' && map !== undefined) problem('/map', 'An input of type string takes the text itself: `map` is for numbers');
  for (const [key, number] of Object.entries(map ?? {})) {
    const reason = type === 'string' ? null : misfitOf(number, type);
    if (reason !== null) problem(mapMember(key), reason);
  }
  if (column.default !== undefined && oneHot === undefined) {
    const reason = misfitOf(column.default, type);
    if (reason !== null) problem('/default', reason);
  }
  if (column.default !== undefined && oneHot !== undefined && !oneHot.includes(column.default)) problem('/default', 'With `oneHot` the default must be one of the listed values');
  if (compiled === null) return problems;

  const { expression, type: valueType } = compiled;
  for (const root of unusableRoots) {
    if (expression.reads.has(root)) problem('/from', `\`${root}\` is not known yet when the model runs`);
  }
  if (expression.mayBeUnknown && column.default === undefined && oneHot === undefined) problem('', `"${expression.source}" can be missing: give a \`default\``);
  const reason = oneHot === undefined && map === undefined ? unfitType(valueType, type) : null;
  if (reason !== null) problem('/from', `"${expression.source}" ${reason}`);
  if (oneHot !== undefined || map !== undefined) {
    if (!categorical(valueType)) problem('/from', `"${expression.source}" is of type ${valueType}: \`${oneHot === undefined ? 'map' : 'oneHot'}\` needs a text, a number or a boolean`);
    else oneHot?.forEach((value, place) => {
      if (!canEqual(valueType, value)) problem(`/oneHot/${place}`, `"${expression.source}" is of type ${valueType}, so it never is ${JSON.stringify(value)}`);
    });
    for (const { path: member, message } of impossibleValues(expression.source, compiled.values, column)) problem(member, message);
  }
  return problems;
}

/** Values of `oneHot` and `map` that the expression never has, each with its place below the column; `values`: all that it can have. */
export function impossibleValues(source: string, values: readonly string[] | undefined, { oneHot, map }: Pick<ColumnManifest, 'oneHot' | 'map'>): ManifestProblem[] {
  if (values === undefined) return [];
  const listed = [
    ...(oneHot ?? []).flatMap((value, place) => (typeof value === 'string' ? [{ path: `/oneHot/${place}`, value }] : [])),
    ...Object.keys(map ?? {}).map((value) => ({ path: mapMember(value), value })),
  ];
  const known = values.length <= 12 ? `; it is one of ${values.map((value) => JSON.stringify(value)).join(', ')}` : '';
  return listed.filter(({ value }) => !values.includes(value)).map(({ path, value }) =>
    ({ path, message: `"${source}" is never ${JSON.stringify(value)}${didYouMean(value, values, (best) => JSON.stringify(best)) || known}` }));
}

const mapMember = (key: string): string => `/map/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Why a value of the manifest itself cannot stand in an input of that type. */
function misfitOf(value: Scalar, type: InputType): string | null {
  if (type === 'string') return typeof value === 'string' ? null : 'The input is of type string, so this must be a text';
  if (typeof value === 'string') return `The input is of type ${type}, so this must be a number or a boolean`;
  if (type === 'bool' && Number(value) !== 0 && Number(value) !== 1) return 'The input is of type bool, so this must be true or false';
  if (type === 'int64' && !Number.isSafeInteger(Number(value))) return 'The input is of type int64, so this must be a whole number';
  if (type === 'float32' && !Number.isFinite(Math.fround(Number(value)))) return 'Too large for float32';
  return null;
}

function unfitType(valueType: ColumnValueType, type: InputType): string | null {
  if (valueType === 'any') return null;
  if (valueType === 'list' || valueType === 'map') return `is a ${valueType}, and a column is one value`;
  if (type === 'string') return valueType === 'string' ? null : `is of type ${valueType}, and the input is of type string`;
  if (valueType === 'string') return 'is a text, and the input is a number: give `oneHot` or `map`';
  if (type === 'bool') return valueType === 'bool' ? null : `is of type ${valueType}, and the input is of type bool`;
  if (type === 'int64' && (valueType === 'timestamp' || valueType === 'duration')) return `is of type ${valueType}, which counts in days with a fraction, and the input is of type int64`;
  return null;
}

function categorical(valueType: ColumnValueType): boolean {
  return ['string', 'int', 'double', 'bool', 'any'].includes(valueType);
}

function canEqual(valueType: ColumnValueType, value: Scalar): boolean {
  switch (valueType) {
    case 'string': return typeof value === 'string';
    case 'bool': return typeof value === 'boolean';
    case 'int':
    case 'double': return typeof value === 'number';
    default: return true;
  }
}
