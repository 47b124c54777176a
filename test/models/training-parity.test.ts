import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOnnxModels } from '../../src/models/onnx/onnx-models.js';
import { deriveAttributes } from '../../src/decision/derivation.js';
import { loadCatalogFolder } from '../../src/catalog/load-catalog-folder.js';
import { openSituation } from '../../src/decision/situation.js';
import type { Catalog, Direction, JsonObject } from '../../src/decision/types.js';

/** A request, and what Python answered to it with the same model (written by the training kit). */
interface Row {
  readonly customer: { readonly attributes: JsonObject; readonly holdings?: readonly string[] };
  readonly offerId: string;
  readonly channel: string;
  readonly direction: Direction;
  readonly context: JsonObject;
  readonly now: string;
  readonly outputs: Readonly<Record<string, number>>;
}
interface Parity { readonly model: string; readonly tolerance: number; readonly rows: readonly Row[] }

describe('what the service scores is what Python scored', () => {
  const { loader, scorer } = createOnnxModels();
  let catalog: Catalog;
  beforeAll(async () => {
    const { result } = await loadCatalogFolder(join(import.meta.dirname, '..', '..'), { models: loader, now: () => Date.parse('2026-11-23T10:00:00Z') });
    if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
    catalog = result.catalog;
  });

  /** One run over rows that share nothing but the model: the way of a decision, up to the model's answer. */
  async function score(modelId: string, { customer, offerId, channel, direction, context, now, outputs }: Row): Promise<Record<string, number>> {
    const situation = openSituation({
      catalog,
      request: { channel, direction, context, limit: 1, placements: null, explain: 'none' },
      customer: { id: 'C-1', profile: customer, contacts: [], limitUsage: new Map() },
      now: Date.parse(now), contested: new Set(),
    });
    const derivation = deriveAttributes(situation);
    let step = derivation.next();
    while (step.done !== true) step = derivation.next(await Promise.all(step.value.map((run) => scorer.score(run))));
    const model = catalog.models.get(modelId)!;
    const offers = model.reads.has('offer') ? [catalog.offersById.get(offerId)!] : null;
    const answer = await scorer.score({ model, layout: catalog.layout, slots: situation.slots, offers, outputs: Object.keys(outputs), probabilities: [] });
    if (!answer.ok) throw new Error(answer.reason);
    return Object.fromEntries(Object.keys(outputs).map((output) => [output, answer.outputs.get(output)![0]!]));
  }

  test.each(['accept', 'lifetime', 'churn'])('%s, on 200 rows', async (id) => {
    const { model, tolerance, rows } = JSON.parse(readFileSync(join(import.meta.dirname, `${id}-200.json`), 'utf8')) as Parity;
    expect(rows).toHaveLength(200);
    expect(tolerance).toBeLessThanOrEqual(1e-6);
    const apart: unknown[] = [];
    for (const row of rows) {
      const scored = await score(model, row);
      for (const [output, expected] of Object.entries(row.outputs)) {
        if (!(Math.abs(scored[output]! - expected) <= tolerance * Math.max(1, Math.abs(expected)))) apart.push({ offerId: row.offerId, output, expected, scored: scored[output] });
      }
    }
    expect(apart).toEqual([]);
  });
});
