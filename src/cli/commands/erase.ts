import { resolve } from 'node:path';
import { endArrival } from '../../customers/begin-move.js';
import { visitorIdOf } from '../../customers/visitor-id.js';
import { tombstoneAt } from '../../service/tombstone.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { commandConfig } from '../opening/settings.js';
import type { Surroundings } from '../surroundings.js';
import { withStore } from '../opening/with-engine.js';

/** Stands in for how far the ledger reaches where no catalog says it. */
const unknownHorizonMs = 5 * 366 * 86_400_000;

/** Erasing what is not there is done already, so that it can be asked for again. A catalog that is broken keeps nobody from
 *  being erased. */
export async function erase(surroundings: Surroundings, { key }: { /** A customer's id, or a visitor's key. */ readonly key: string }): Promise<ExitCode> {
  const { now, output, errors, checkCatalog } = surroundings;
  const { catalogFolder } = commandConfig(surroundings);
  return withStore(surroundings, async (store) => {
    await endArrival(store.holdings);
    const checked = await checkCatalog(catalogFolder);
    const wasThere = await store.erase(key, tombstoneAt(now(), checked.ok ? checked.catalog.ledger : { windowMs: unknownHorizonMs }));
    await output.write(wasThere ? `Everything that the store held about ${visitorIdOf(key)} is erased.\n` : `The store holds nothing about ${visitorIdOf(key)}.\n`);
    if (wasThere && !checked.ok) await errors.write(`The catalog in ${resolve(catalogFolder)} cannot be used ("nbo validate" says why), so it is not known how far back its ledger reaches. The mark by which late outcomes are refused stays for five years.\n`);
    return exitCodes.ok;
  });
}
