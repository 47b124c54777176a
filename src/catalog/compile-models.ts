import type { Model, Root } from '../decision/types.js';
import type { Type } from '../expressions/types.js';
import { checkManifest, impossibleValues } from '../models/check-manifest.js';
import type { ColumnExpression, ColumnValueType, ModelLoader } from '../models/model-loader.js';
import { modelManifestSchema, type ColumnManifest, type ModelManifest } from '../models/model-manifest.js';
import type { CatalogFiles } from './catalog-files.js';
import { checkShape } from './check-shape.js';
import type { ExpressionCompiler } from './expression-compiler.js';
import { given, stewardshipOf } from './compile-parts.js';
import { fromPointer } from './problem.js';
import { createNames, type Names } from './references.js';
import type { Spot } from './spot.js';

/** One models/<id>/model.yaml, its shape checked. */
export interface ManifestEntry {
  readonly id: string;
  readonly spot: Spot;
  /** Parts that did not fit are left out; `fits`: none was. */
  readonly manifest: DeepPartial<ModelManifest>;
  readonly fits: boolean;
  /** "models/accept/model.onnx"; `null` where the manifest names none. */
  readonly path: string | null;
}

type DeepPartial<T> = T extends readonly (infer I)[] ? readonly (DeepPartial<I> | undefined)[] : T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;

export interface CatalogModels {
  /** Compiles a model's columns, once; what they read. `refuse` reports a source that must not be compiled. */
  compileColumns(id: string, refuse?: (source: string, spot: Spot) => boolean): ReadonlySet<Root>;
  /** Compiles the columns of all others, and loads every model that fits. */
  load(): Promise<ReadonlyMap<string, Model>>;
}

/** `value` is `undefined` where the file could not be read, which has been reported. */
export function readManifest(id: string, value: unknown, spot: Spot, problemCount: () => number): ManifestEntry {
  if (value === undefined) return { id, spot, manifest: {}, fits: false, path: null };
  const before = problemCount();
  const checked = checkShape(modelManifestSchema, value, spot);
  const manifest = (typeof checked === 'object' && checked !== null ? checked : {}) as DeepPartial<ModelManifest>;
  if (manifest.id !== undefined && manifest.id !== id) spot.at('id').error(`the model "${manifest.id}" is in the folder models/${id}: a model's folder has its name`);
  return { id, spot, manifest, fits: problemCount() === before, path: manifest.file === undefined ? null : `models/${id}/${manifest.file}` };
}

/** What the model's outputs are called; nothing is missed where the manifest could not be read. */
export function outputNames({ id, manifest, fits }: ManifestEntry): Names {
  const names = createNames('output', Object.keys(manifest.outputs ?? {}), { absent: (name) => `the model ${id} has no output "${name}"` });
  if (!fits) names.incomplete();
  return names;
}

export function createModels(entries: readonly ManifestEntry[], files: CatalogFiles, expressions: ExpressionCompiler, loader: ModelLoader, today: () => number): CatalogModels {
  const columns = new Map<string, readonly (readonly (ColumnExpression | null)[])[]>();

  const compileColumns: CatalogModels['compileColumns'] = (id, refuse = () => false) => {
    const entry = entries.find((candidate) => candidate.id === id);
    if (entry === undefined) return new Set();
    let compiled = columns.get(id);
    if (compiled === undefined) {
      compiled = (entry.manifest.inputs ?? []).map((input, inputIndex) => (input?.columns ?? []).map((column, columnIndex) => {
        const at = entry.spot.at('inputs', inputIndex, 'columns', columnIndex, 'from');
        if (column?.from === undefined || refuse(column.from, at)) return null;
        const result = expressions.any(column.from, at, 'column');
        if (result === null) return null;
        const values = result.type.kind === 'string' ? result.type.values : undefined;
        const compiledColumn = { expression: result.expression, type: columnType(result.type) };
        // Offers come and go, and the model was trained with those of its day: what it knows of old ones is no error.
        if (column.from.trim() !== 'offer.id') return { ...compiledColumn, ...given('values', values) };
        for (const { path, message } of impossibleValues('offer.id', values, listsOf(column))) entry.spot.at('inputs', inputIndex, 'columns', columnIndex, ...fromPointer(path)).warn(message);
        return compiledColumn;
      }));
      columns.set(id, compiled);
    }
    return new Set(compiled.flat().flatMap((column) => [...(column?.expression.reads ?? [])]));
  };

  const load = async (entry: ManifestEntry): Promise<Model | null> => {
    const { id, spot, fits, path } = entry;
    stewardshipOf(entry.manifest, today(), spot);
    compileColumns(id);
    const bytes = path === null ? undefined : files.get(path);
    if (path !== null && bytes === undefined) spot.at('file').error(`there is no file ${path}`);
    if (!fits) return null;
    const manifest = entry.manifest as ModelManifest;
    const report = (problems: readonly { readonly path: string; readonly message: string }[], how: 'error' | 'warn'): void => {
      for (const problem of problems) spot.at(...fromPointer(problem.path))[how](problem.message);
    };
    if (bytes === undefined) {
      report(checkManifest(manifest, columns.get(id)!), 'error');
      return null;
    }
    const result = await loader.load({ manifest, bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, expressions: columns.get(id)! });
    report(result.warnings, 'warn');
    if (result.ok) return result.model;
    report(result.problems, 'error');
    return null;
  };

  return {
    compileColumns,
    load: async () => {
      const loaded = await Promise.all(entries.map(load));
      return new Map(loaded.flatMap((model, index) => (model === null ? [] : [[entries[index]!.id, model]])));
    },
  };
}

/** What did not fit has been reported and is passed over; the other items keep their places. */
function listsOf({ oneHot, map }: DeepPartial<ColumnManifest>): Pick<ColumnManifest, 'oneHot' | 'map'> {
  return { ...given('oneHot', oneHot?.map((value) => value ?? 0)), ...given('map', map as ColumnManifest['map']) };
}

function columnType({ kind }: Type): ColumnValueType {
  switch (kind) {
    case 'dyn': case 'never': return 'any';
    case 'object': return 'map';
    default: return kind;
  }
}
