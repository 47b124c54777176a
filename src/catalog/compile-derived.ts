import type { Condition, DerivedAttribute } from '../decision/types.js';
import type { Environment } from '../expressions/environment.js';
import { bool, double, int, string, type Type } from '../expressions/types.js';
import { given } from './compile-parts.js';
import { propertiesOf } from './compile-schema.js';
import { checkModelOutput, type Compiling } from './compiling.js';
import type { CatalogModels } from './compile-models.js';
import type { RawCase, RawModelDerived } from './schemas/schema-file-schema.js';
import { itemsOf, type Spot } from './spot.js';

/** A derived attribute before its slot is known. */
export type DerivedDraft = DerivedAttribute extends infer D ? (D extends DerivedAttribute ? Omit<D, 'slot'> : never) : never;

/**
 * In the order of schema.yaml; each may read those before it, which holds for the columns of its model, too. Declares
 * each to the environment as it goes.
 */
export function compileDerived(compiling: Compiling, environment: Environment, models: CatalogModels): DerivedDraft[] {
  const { raw, spot, schemas } = compiling.schema;
  const declared = propertiesOf(schemas.customer?.json ?? {});
  const all = Object.entries(raw.derived ?? {}).filter(([, value]) => value !== undefined);
  return all.map(([name, value], index) => {
    const at = spot.at('derived', name);
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) at.errorAtKey(`"${name}" cannot be written after "customer.": letters, digits and "_", no digit first`);
    if (Object.hasOwn(declared, name) || ['id', 'consents', 'holdings'].includes(name)) at.errorAtKey(`customer.${name} is declared already: a derived attribute needs a name of its own`);
    const later = all.slice(index).map(([other]) => other);
    const { draft, type, mayBeMissing } = Array.isArray(value)
      ? compileCases(name, value as readonly (RawCase | undefined)[], at, later, compiling)
      : compileModelDerived(name, value as RawModelDerived, at, later, compiling, models);
    environment.declareDerived(name, type, mayBeMissing);
    return draft;
  });
}

interface Derived { readonly draft: DerivedDraft; readonly type: Type; readonly mayBeMissing: boolean }

function compileCases(name: string, raw: readonly (RawCase | undefined)[], spot: Spot, later: readonly string[], compiling: Compiling): Derived {
  const items = itemsOf(raw, spot);
  const cases = items.map(({ item, at }, index): { readonly is: string | number | boolean; readonly when: Condition | null } => {
    if (item.when === undefined && index < items.length - 1) at.error('has no `when`, so the cases after it are never reached: only the last may do without');
    const when = refuseLater(String(item.when ?? ''), at.at('when'), later, name) ? null : compiling.expressions.condition(item.when, at.at('when'), 'derived');
    return { is: item.is ?? '', when };
  });
  const values = items.flatMap(({ item }) => (item.is === undefined ? [] : [item.is]));
  const type = typeOfCases(values);
  if (type === undefined) spot.errorAtKey(`the cases of customer.${name} are of different types: make them all text, all numbers, or all true or false`);
  return { draft: { type: 'cases', name, cases }, type: type ?? string, mayBeMissing: items.at(-1)?.item.when !== undefined };
}

function typeOfCases(values: readonly (string | number | boolean)[]): Type | undefined {
  if (values.every((value) => typeof value === 'string')) return { kind: 'string', values: [...new Set(values)] };
  if (values.every((value) => typeof value === 'boolean')) return bool;
  if (values.every((value) => typeof value === 'number')) return values.every(Number.isSafeInteger) ? int : double;
  return undefined;
}

function compileModelDerived(name: string, raw: RawModelDerived, spot: Spot, later: readonly string[], compiling: Compiling, models: CatalogModels): Derived {
  checkModelOutput(compiling, raw, spot);
  const reads = models.compileColumns(raw.model ?? '', (source, at) => refuseLater(source, at, later, name));
  for (const root of ['offer', 'triggers'] as const) {
    if (reads.has(root)) spot.at('model').error(`the model "${raw.model!}" reads \`${root}\`, which is not known yet when derived attributes are computed`);
  }
  return {
    draft: { type: 'model', name, model: raw.model ?? '', output: raw.output ?? '', ...given('default', raw.default) },
    type: double,
    mayBeMissing: raw.default === undefined,
  };
}

/** True, and reported, where the expression reads an attribute that is computed with or after this one. */
function refuseLater(source: string, spot: Spot, later: readonly string[], name: string): boolean {
  const code = source.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (literal) => ' '.repeat(literal.length));
  for (const match of code.matchAll(/\bcustomer\.([A-Za-z_][A-Za-z0-9_]*)/g)) {
    const read = match[1]!;
    if (!later.includes(read)) continue;
    spot.errorInside(match.index, read === name ? `customer.${name} is computed from itself` : `customer.${read} is derived after customer.${name}: put it before`);
    return true;
  }
  return false;
}
