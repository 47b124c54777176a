import { endArrival } from '../customers/begin-move.js';
import { tokenLifetimeMs } from '../service/token.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import type { Surroundings } from './surroundings.js';
import { withStore } from './with-engine.js';

/** Erasing what is not there is done already, so that it can be asked for again. */
export async function eraseCustomer(surroundings: Surroundings, { customerId }: { readonly customerId: string }): Promise<ExitCode> {
  const now = surroundings.now();
  return withStore(surroundings, async (store) => {
    await endArrival(store.holdings);
    const wasThere = await store.erase(customerId, { erasedAt: now, keptUntil: now + tokenLifetimeMs });
    await surroundings.output.write(wasThere ? `Everything that the store held about ${customerId} is erased.\n` : `The store holds nothing about ${customerId}.\n`);
    return exitCodes.ok;
  });
}
