import type { ManifestProblem } from '../model-loader.js';
import type { ModelManifest } from '../model-manifest.js';
import { widthOf } from './golden-rows.js';
import type { OpenModel } from './session-cache.js';

/** Where the manifest and the model's file contradict each other, as far as the file says what it takes and gives. */
export function checkFit({ inputs, outputs }: ModelManifest, { session, prepared }: OpenModel): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  const inModel = new Map(session.inputs.map((input) => [input.name, input]));
  const shapes = new Map(prepared.inputs.map(({ name, shape }) => [name, shape]));
  inputs.forEach((input, index) => {
    const path = `/inputs/${index}`;
    const modelInput = inModel.get(input.name);
    if (modelInput === undefined) {
      problems.push({ path: `${path}/name`, message: `The model has no input "${input.name}"; it has ${list([...inModel.keys()])}` });
      return;
    }
    if (modelInput.type === null) {
      problems.push({ path, message: `The model's input "${input.name}" is a map or a sequence, which is not supported: export the model with tensors as inputs` });
      return;
    }
    if (modelInput.type !== input.type) problems.push({ path: `${path}/type`, message: `The model's input "${input.name}" is ${modelInput.type}, and the manifest says ${input.type}` });
    const reason = misfitOf(shapes.get(input.name) ?? null, widthOf(input));
    if (reason !== null) problems.push({ path: `${path}/columns`, message: `The model's input "${input.name}" ${reason}` });
  });
  for (const { name, type } of inModel.values()) {
    if (!inputs.some((input) => input.name === name)) problems.push({ path: '/inputs', message: `The model's input "${name}" (${type ?? 'a map or a sequence, which is not supported'}) has no entry` });
  }
  for (const [name, output] of Object.entries(outputs)) {
    const found = prepared.outputs.get(output.tensor);
    if (found === undefined) {
      problems.push({ path: `/outputs/${name}/tensor`, message: `The model has no output "${output.tensor}"; it has ${list([...prepared.outputs.keys()])}` });
    } else if (output.class !== undefined && found.classes === null) {
      problems.push({ path: `/outputs/${name}/class`, message: `The model does not name the classes of "${output.tensor}": give a \`column\`` });
    } else if (output.class !== undefined && !found.classes!.includes(String(output.class))) {
      problems.push({ path: `/outputs/${name}/class`, message: `The model has no class ${JSON.stringify(output.class)} in "${output.tensor}"; it has ${list(found.classes!)}` });
    }
  }
  return problems;
}

function misfitOf(shape: readonly (number | null)[] | null, width: number): string | null {
  if (shape === null) return null;
  if (shape.length === 0) return 'is a single value, without a dimension for rows';
  const rest = shape.slice(1);
  const open = rest.filter((size) => size === null).length;
  if (open > 1) return `has ${shape.length} dimensions, of which several are open; rows and one other can be`;
  const known = rest.reduce<number>((product, size) => product * (size ?? 1), 1);
  const fits = open === 0 ? width === known : width % known === 0;
  return fits ? null : `takes ${open === 0 ? '' : 'a multiple of '}${known} ${known === 1 ? 'column' : 'columns'} in a row, and the manifest makes ${width}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `"${name}"`).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown === '' ? 'none' : shown;
}
