import { fewestCustomers, measurePopulation, rhythmsOf, type MeasuredPopulation } from '../../customers/population-rhythm.js';
import { keepRhythms } from '../../service/keep-rhythms.js';
import { alignedLines } from '../printing/aligned-lines.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { count, counted } from '../printing/number-words.js';
import type { Surroundings } from '../surroundings.js';
import { withEngine } from '../opening/with-engine.js';
import { dayMs } from '../../decision/calendar.js';

/** Measures the population's usual intervals over a sample of the store, and has decisions use them from now on. */
export async function measureRhythms(surroundings: Surroundings, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const measured = await withEngine(surroundings, async ({ catalog, store }) => {
    const found = (await measurePopulation(store, catalog.current().events.keys()))!;
    await keepRhythms(store, rhythmsOf(found), catalog.current(), surroundings.now());
    return found;
  });
  await surroundings.output.write(json ? `${JSON.stringify({ ...measured, rhythms: measured.rhythms.map(({ usualMs, ...rest }) => ({ ...rest, usualDays: inDays(usualMs) })) })}\n` : inWords(measured));
  return exitCodes.ok;
}

function inDays(ms: number | null): number | null {
  return ms === null ? null : ms / dayMs;
}

function inWords({ customers, sampled, rhythms }: MeasuredPopulation): string {
  const table = alignedLines([['event', 'customers', 'with a rhythm', 'usually every'], ...rhythms.map(({ type, customers: having, withRhythm, usualMs }) => [type, count(having), count(withRhythm), usualMs === null ? 'too few' : counted(inDays(usualMs)!, 'day')])]);
  return `${counted(sampled, 'customer')} of ${count(customers)} looked at:\n${table.map((line) => `  ${line}\n`).join('')}A rhythm needs events on five days; with fewer than ${fewestCustomers} customers who have one, what triggers/events.yaml declares counts.\n`;
}
