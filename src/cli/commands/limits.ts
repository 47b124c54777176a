import { resolve } from 'node:path';
import type { StoreLocation } from '../../config.js';
import { noDeadline } from '../../service/deadline.js';
import { nameOfPeriod } from '../../service/limit-periods.js';
import { readLimits } from '../../service/limit-report.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { renderLimits } from '../printing/limit-table.js';
import { commandConfig } from '../opening/settings.js';
import type { Surroundings } from '../surroundings.js';
import { withEngine } from '../opening/with-engine.js';

export interface LimitsOptions {
  /** `null`: the one that is configured. */
  readonly catalog: string | null;
  readonly store: StoreLocation | null;
  readonly json: boolean;
}

/** Tells how much of each limit of the catalog is used in the period that is on. Nothing is written, and no store is made. */
export async function showLimits(surroundings: Surroundings, { catalog: folder, store: location, json }: LimitsOptions): Promise<ExitCode> {
  const configured = commandConfig(surroundings);
  const config = { ...configured, catalogFolder: folder ?? configured.catalogFolder, store: location ?? configured.store };
  return withEngine(surroundings, async ({ catalog: live, store }) => {
    const catalog = live.current();
    const { revision, timeZone } = catalog;
    const now = surroundings.now();
    const at = new Date(now).toISOString();
    const limits = (await readLimits(catalog, store, now, noDeadline)).map((figure) => ({
      ...figure, period: nameOfPeriod(figure.per, timeZone, now), left: Math.max(0, figure.max - figure.used - figure.reserved),
    }));
    if (json) await surroundings.output.write(`${JSON.stringify({ at, catalogRevision: revision, timeZone, limits })}\n`);
    else if (limits.length === 0) await surroundings.output.write(`The catalog in ${resolve(config.catalogFolder)} has no limits.\n`);
    else await surroundings.output.write(`Limits at ${at.slice(0, 16).replace('T', ' ')} UTC, periods by ${timeZone}, catalog ${revision}:\n${renderLimits(limits)}`);
    return exitCodes.ok;
  }, { config, mustExist: true, takesStore: true });
}
