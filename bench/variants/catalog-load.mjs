import { check } from '../frame/check.mjs';
import { product } from '../frame/product.mjs';

/** Loads a catalog's folder as a start does: in a process that has loaded none before. */
export async function open({ folder, offers, rules }) {
  const { checkCatalog } = await product('app.js');
  return {
    load: async () => {
      const startedMs = performance.now();
      const result = await checkCatalog(folder);
      const seconds = (performance.now() - startedMs) / 1000;
      check(result.ok, `the catalog is refused: ${JSON.stringify(result.problems?.slice(0, 3))}`);
      check(result.summary.offers === offers && result.summary.rules === rules, `the catalog has ${result.summary.offers} offers and ${result.summary.rules} rules`);
      return { seconds };
    },
  };
}
