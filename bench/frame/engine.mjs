import { product } from './product.mjs';

/** Everything but HTTP, in this process. */
export async function openEngine({ catalog, store }) {
  const { openEngine: open } = await product('app.js');
  const { readConfig } = await product('config.js');
  const { config } = readConfig({ NBO_CATALOG: catalog, NBO_STORE: store, LOG_LEVEL: 'silent' });
  const opened = await open(config);
  if (!opened.ok) throw new Error(`The catalog is refused: ${JSON.stringify(opened.problems.slice(0, 3))}`);
  return opened.engine;
}

/** A call of somebody who may do everything, and has time. */
export const callAt = (now) => ({ now, timeoutMs: 5_000, scopes: new Set(['decide', 'record', 'simulate']), caller: null });
