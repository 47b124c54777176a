import { toExport } from '../service/customer-service.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { problems } from './failure.js';
import type { Surroundings } from './surroundings.js';
import { withStore } from './with-engine.js';

/** Everything held, a customer per line, in the order of their ids; `customerId: null`: of everybody. */
export async function exportCustomers(surroundings: Surroundings, { customerId }: { readonly customerId: string | null }): Promise<ExitCode> {
  return withStore(surroundings, async (store) => {
    if (customerId !== null) {
      const customer = await store.export(customerId);
      if (customer === null) throw problems(`There is no customer "${customerId}".`);
      await surroundings.output.write(`${JSON.stringify(toExport(customer))}\n`);
      return exitCodes.ok;
    }
    for await (const id of store.ids()) {
      const customer = await store.export(id);         // null: erased meanwhile
      if (customer !== null) await surroundings.output.write(`${JSON.stringify(toExport(customer))}\n`);
    }
    return exitCodes.ok;
  });
}
