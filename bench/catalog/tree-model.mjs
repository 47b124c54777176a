import { onnxFile } from './onnx-file.mjs';
import { seededRandom } from './random.mjs';

/**
 * A boosted ensemble as training would give it: `trees` full trees of `depth`, their sum through a sigmoid. Made from
 * a seed, so that it is the same everywhere; `score` is our own evaluation of it, to hold the runtime's answers against.
 * `bounds`: from which range the thresholds of each column are taken.
 */
export function makeTreeModel({ trees, depth, bounds, seed = 7 }) {
  const random = seededRandom(seed);
  const inner = 2 ** depth - 1;
  const all = 2 ** (depth + 1) - 1;
  const forest = Array.from({ length: trees }, () => ({
    columns: Array.from({ length: inner }, () => Math.floor(random() * bounds.length)),
    shares: Array.from({ length: inner }, () => random()),
    leaves: Float32Array.from({ length: all - inner }, () => (random() - 0.5) * (6 / Math.sqrt(trees * depth))),
  })).map(({ columns, shares, leaves }) => ({
    columns, leaves, thresholds: Float32Array.from(columns, (column, at) => bounds[column][0] + shares[at] * (bounds[column][1] - bounds[column][0])),
  }));

  const score = (row) => {
    let sum = -2;
    for (const { columns, thresholds, leaves } of forest) {
      let at = 0;
      while (at < inner) at = 2 * at + (Math.fround(row[columns[at]]) <= thresholds[at] ? 1 : 2);
      sum += leaves[at - inner];
    }
    return 1 / (1 + Math.exp(-sum));
  };
  return { score, width: bounds.length, bytes: () => toOnnx(forest, inner, all, bounds.length) };
}

function toOnnx(forest, inner, all, width) {
  const places = Array.from({ length: all }, (_, at) => at);
  const each = (of) => forest.flatMap((tree, treeId) => places.map((at) => of(tree, at, treeId)));
  const leaves = (of) => forest.flatMap((tree, treeId) => places.slice(inner).map((at) => of(tree, at, treeId)));
  const trees = {
    operator: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', input: 'features', output: 'sum',
    attributes: {
      n_targets: 1,
      base_values: Float32Array.of(-2),
      nodes_treeids: each((_tree, _at, treeId) => treeId),
      nodes_nodeids: each((_tree, at) => at),
      nodes_featureids: each(({ columns }, at) => (at < inner ? columns[at] : 0)),
      nodes_values: Float32Array.from(each(({ thresholds }, at) => (at < inner ? thresholds[at] : 0))),
      nodes_modes: each((_tree, at) => (at < inner ? 'BRANCH_LEQ' : 'LEAF')),
      nodes_truenodeids: each((_tree, at) => (at < inner ? 2 * at + 1 : 0)),
      nodes_falsenodeids: each((_tree, at) => (at < inner ? 2 * at + 2 : 0)),
      target_treeids: leaves((_tree, _at, treeId) => treeId),
      target_nodeids: leaves((_tree, at) => at),
      target_ids: leaves(() => 0),
      target_weights: Float32Array.from(leaves(({ leaves: weights }, at) => weights[at - inner])),
    },
  };
  const nodes = [trees, { operator: 'Sigmoid', input: 'sum', output: 'probability' }];
  return onnxFile({ nodes, input: { name: 'features', columns: width }, output: { name: 'probability', columns: 1 } });
}
