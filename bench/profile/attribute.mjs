import { productFile, stepOfFrame, unclaimed } from './steps.mjs';

/**
 * Where the time of a .cpuprofile went: by step, by file of the product and by function, as shares of the time that was
 * not idle. A sample counts for the step of the innermost frame that belongs to one. Only the last `lastUs` of that time
 * count: idle time is none of it, so that a server that waits for its callers before it ends does not hide its load.
 */
export function attribute({ nodes, samples, timeDeltas }, { lastUs = Infinity } = {}) {
  const byId = new Map(nodes.map((node) => [node.id, { ...node, parent: null }]));
  for (const { id, children = [] } of nodes) for (const child of children) byId.get(child).parent = byId.get(id);
  const resolved = new Map();
  const resolve = (node) => {
    if (!resolved.has(node)) resolved.set(node, { step: firstOf(node, stepOfFrame) ?? unclaimed, file: firstOf(node, ({ url }) => productFile(url)) ?? 'Node and libraries' });
    return resolved.get(node);
  };

  const [steps, files, functions] = [new Map(), new Map(), new Map()];
  const add = (map, key, time) => map.set(key, (map.get(key) ?? 0) + time);
  let busyUs = 0;
  for (let index = samples.length - 1; index >= 0 && busyUs < lastUs; index--) {
    const node = byId.get(samples[index]);
    const { step, file } = resolve(node);
    const time = timeDeltas[index];
    if (step === 'idle' || time <= 0) continue;
    busyUs += time;
    add(steps, step, time);
    add(files, step === 'garbage collection' ? step : file, time);
    add(functions, nameOf(node.callFrame), time);
  }
  const shares = (map) => [...map].map(([name, time]) => ({ name, share: time / busyUs })).sort((a, b) => b.share - a.share);
  return { busyUs, steps: shares(steps), files: shares(files), functions: shares(functions) };
}

/** From the innermost frame outwards, the first that `of` has an answer for. */
function firstOf(node, of) {
  for (let at = node; at !== null; at = at.parent) {
    const found = of(at.callFrame);
    if (found !== null) return found;
  }
  return null;
}

function nameOf({ functionName, url, lineNumber }) {
  const place = productFile(url) ?? (url === '' ? '' : url.replace(/^.*\/node_modules\//, ''));
  return `${functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`;
}
