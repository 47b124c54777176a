import { join } from 'node:path';
import type { Engine } from '../../app.js';
import type { RunningService } from '../../running-service.js';
import type { Config } from '../../config.js';
import type { CustomerStore, StoredCustomer } from '../../customers/customer-store.js';
import { readSpecification } from '../../http/specification.js';
import type { SampleCustomer } from '../../sample/sample-customer.js';
import { sampleCustomers } from '../../sample/sample-customers.js';
import type { CatalogDescription, DecisionResponse } from '../../service/openapi-types.js';
import { createCustomerReader } from '../importing/customer-record.js';
import { renderDecision } from '../printing/decision-table.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { problems } from '../failure.js';
import { counted } from '../printing/number-words.js';
import { serviceConfig } from '../opening/settings.js';
import { showsColour, type Surroundings } from '../surroundings.js';
import { withEngine } from '../opening/with-engine.js';

export interface DemoOptions { /** Ends after the first answer. */ readonly once: boolean; /** Where the demo keeps its store. */ readonly folder: string }

const customerCount = 1_000;
const seed = 1;
const customersPerWrite = 250;

/** The question of the demo, as it stands in the README. */
const question = { customerId: 'C-1001', channel: 'call-center', locale: 'en', explain: 'reasons' } as const;

/** The sample catalog with made-up customers, served on this machine; one decision asked for over HTTP, and shown. */
export async function demo(surroundings: Surroundings, options: DemoOptions): Promise<ExitCode> {
  const { output } = surroundings;
  const config = demoConfig(surroundings, options);
  const customers = [...sampleCustomers({ count: customerCount, seed, now: surroundings.now() })];
  // They are written in order, so the last one is there only where all are.
  if (!await isHeld(customers.at(-1)!.id, config, surroundings)) {
    await withEngine(surroundings, (engine) => loadSample(customers, engine, surroundings), { config: { ...config, logLevel: 'silent' } });
  }
  const started = await surroundings.startService(config);
  if (!started.ok) throw problems(...started.problems, 'On another port: PORT=8090 npm run demo');
  const { service } = started;
  try {
    await output.write(await ask(service, surroundings));
    if (options.once) {
      await output.write('\nWith --once the service ends here; without it, it stays, to be tried.\n');
      return exitCodes.ok;
    }
    await output.write(`\nThe API, for reading and trying: ${service.url}/docs\nThe service runs until Ctrl-C.\n`);
    await surroundings.untilStopped();
    return exitCodes.ok;
  } finally {
    await service.close();
  }
}

/** The demo's own: always this machine, no keys, and its own store, so that it meets nobody's data. */
function demoConfig({ environment, sampleCatalogFolder }: Surroundings, { folder }: DemoOptions): Config {
  const { PORT, LOG_LEVEL } = environment;
  return serviceConfig({ environment: { PORT, LOG_LEVEL: LOG_LEVEL ?? 'error', NBO_CATALOG: sampleCatalogFolder, NBO_STORE: join(folder, 'store') } });
}

async function isHeld(customerId: string, config: Config, { openStore }: Surroundings): Promise<boolean> {
  const store = await openStore(config);
  try {
    return await store.export(customerId) !== null;
  } finally {
    await store.close();
  }
}

async function loadSample(customers: readonly SampleCustomer[], { catalog, store }: Engine, { now, output }: Surroundings): Promise<void> {
  const readCustomer = createCustomerReader(readSpecification(), catalog.current(), now());
  const ready = customers.map((customer): StoredCustomer => {
    const record = readCustomer(customer);
    if (record.ok) return { id: record.line.id, profile: record.line.profileAfter(null), contacts: record.line.contacts ?? [] };
    throw problems(`The sample customer ${customer.id} does not fit the sample catalog:`, ...record.reasons);
  });
  await output.write(`Loading ${counted(customers.length, 'made-up customer')} …`);
  await loadInBatches(store, ready);
  await output.write(' done.\n');
}

async function loadInBatches(store: CustomerStore, customers: readonly StoredCustomer[]): Promise<void> {
  for (let from = 0; from < customers.length; from += customersPerWrite) await store.load(customers.slice(from, from + customersPerWrite));
}

/** Asks as the curl line does, over HTTP; gives that line and the answer as a table. */
async function ask({ url }: RunningService, surroundings: Surroundings): Promise<string> {
  const body = JSON.stringify(question);
  const response = await fetch(`${url}/v1/decisions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  const text = await response.text();
  if (!response.ok) throw problems(`The service answered ${response.status}: ${text}`);
  const { currency } = await (await fetch(`${url}/v1/catalog`)).json() as CatalogDescription;
  const table = renderDecision(JSON.parse(text) as DecisionResponse, { currency, columns: surroundings.output.columns, colour: showsColour(surroundings) });
  return `The service listens on ${url}. ${question.customerId} calls; what do we offer? The answer to this call:\n\n`
    + `  curl -s ${url}/v1/decisions -H 'Content-Type: application/json' -d '${body}'\n\n${table}`;
}
