import { visitorKey } from '../../customers/visitor-id.js';
import { toExport } from '../../service/customer-service.js';
import { toVisitorExport } from '../../service/visitor-service.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { problems } from '../failure.js';
import type { Surroundings } from '../surroundings.js';
import { withStore } from '../opening/with-engine.js';

export interface ExportOptions { readonly customerId: string | null; readonly visitorId: string | null }

/** Everything held, a customer per line, in the order of their ids; neither id: of every customer. */
export async function exportCustomers(surroundings: Surroundings, { customerId, visitorId }: ExportOptions): Promise<ExitCode> {
  return withStore(surroundings, async (store) => {
    if (customerId !== null) {
      const customer = await store.export(customerId);
      if (customer === null) throw problems(`There is no customer "${customerId}".`);
      await surroundings.output.write(`${JSON.stringify(toExport(customer))}\n`);
      return exitCodes.ok;
    }
    if (visitorId !== null) {
      const visitor = await store.export(visitorKey(visitorId));
      if (visitor === null) throw problems(`There is no visitor "${visitorId}".`);
      await surroundings.output.write(`${JSON.stringify(toVisitorExport(visitor))}\n`);
      return exitCodes.ok;
    }
    for await (const id of store.ids()) {
      const customer = await store.export(id);         // null: erased meanwhile
      if (customer !== null) await surroundings.output.write(`${JSON.stringify(toExport(customer))}\n`);
    }
    return exitCodes.ok;
  });
}
