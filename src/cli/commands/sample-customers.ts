import { sampleCustomers, type SampleOptions } from '../../sample/sample-customers.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Surroundings } from '../surroundings.js';

const customersPerWrite = 100;

/** Made-up customers of the sample catalog, one per line, as `nbo import` takes them. */
export async function printSampleCustomers({ output }: Surroundings, options: SampleOptions): Promise<ExitCode> {
  const lines: string[] = [];
  for (const customer of sampleCustomers(options)) {
    lines.push(`${JSON.stringify(customer)}\n`);
    if (lines.length === customersPerWrite) await output.write(lines.splice(0).join(''));
  }
  if (lines.length > 0) await output.write(lines.join(''));
  return exitCodes.ok;
}
