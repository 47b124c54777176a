import type { StoreLocation } from '../../config.js';
import type { Catalog } from '../../decision/types.js';
import { didYouMean } from '../../suggestion.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { problems, wrongUse } from '../failure.js';
import { count, counted } from '../printing/number-words.js';
import { showProgress } from '../printing/progress.js';
import { commandConfig } from '../opening/settings.js';
import { renderSizes } from '../printing/size-table.js';
import { describeStore } from '../opening/store-names.js';
import { showsColour, type Surroundings } from '../surroundings.js';
import { withEngine } from '../opening/with-engine.js';

export interface SizeOptions {
  /** None: all of the catalog. */
  readonly ids: readonly string[];
  readonly sampleSize: number;
  readonly seed: number;
  readonly channel: string | null;
  /** `null`: the one that is configured. */
  readonly store: StoreLocation | null;
  readonly json: boolean;
}

/** Tells what triggers of the catalog as it is on disk would do, before they go live, over a sample of the store. Nothing
 *  is recorded, and no store is made. */
export async function sizeTriggers(surroundings: Surroundings, { ids, sampleSize, seed, channel, store, json }: SizeOptions): Promise<ExitCode> {
  const configured = commandConfig(surroundings);
  const config = store === null ? configured : { ...configured, store };
  return withEngine(surroundings, async (engine) => {
    const catalog = engine.catalog.current();
    expectKnown(ids, channel, catalog);
    if (catalog.triggers.length === 0) throw problems(`The catalog in ${config.catalogFolder} has no triggers. Write some into triggers/*.yaml (docs/triggers.md says how).`);
    const progress = showProgress(surroundings.errors, sampleSize);
    const now = surroundings.now();
    const sizing = await engine.sizeTriggers({
      ids: new Set(ids.length === 0 ? catalog.triggers.map(({ id }) => id) : ids), sampleSize, seed: seed === 0 ? '' : `${seed}/`, now, channel,
      onLooked: (looked, of) => progress.update(looked / of * sampleSize, looked, `looked at ${count(looked)} of ${counted(of, 'customer')}`),
    }).finally(() => progress.stop());
    if (sizing.customers === 0) throw problems(`The store ${describeStore(config.store)} has no customers, so there is nobody to size triggers by. "nbo import" loads customers.`);
    const { currency, revision } = catalog;
    await surroundings.output.write(json
      ? `${JSON.stringify({ at: new Date(now).toISOString(), catalogRevision: revision, currency, ...sizing })}\n`
      : renderSizes(sizing, { currency, columns: surroundings.output.columns, colour: showsColour(surroundings) }));
    return exitCodes.ok;
  }, { config, mustExist: true, takesStore: true });
}

function expectKnown(ids: readonly string[], channel: string | null, { triggers, channels }: Catalog): void {
  const known = triggers.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  const lines = unknown.map((id) => `There is no trigger "${id}" in the catalog${didYouMean(id, known)}`);
  if (channel !== null && !channels.includes(channel)) lines.push(`The channel "${channel}" is not in the catalog${didYouMean(channel, channels)}`);
  if (lines.length > 0) throw wrongUse(...lines);
}
