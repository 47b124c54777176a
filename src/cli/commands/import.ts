import type { Engine } from '../../app.js';
import { endArrival } from '../../customers/begin-move.js';
import { wakeAfterProfile } from '../../decision/waking.js';
import { readSpecification } from '../../http/specification.js';
import { createBadLines } from '../printing/bad-lines.js';
import { readCustomerFile, type CustomerFormat } from '../reading/customer-file.js';
import { createCustomerReader } from '../importing/customer-record.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { writeBatch, type ReadLine } from '../importing/import-batch.js';
import { linkImported } from '../importing/import-visitors.js';
import { count, counted } from '../printing/number-words.js';
import { showProgress, type Progress } from '../printing/progress.js';
import { plainText } from '../printing/plain-text.js';
import { openSource, type Source } from '../reading/source.js';
import type { Surroundings } from '../surroundings.js';
import { createUnknownNames, type UnknownName } from '../importing/unknown-names.js';
import { withEngine } from '../opening/with-engine.js';

export interface ImportOptions { readonly file: string; readonly format: CustomerFormat | null; readonly json: boolean }

/** What an import did. A customer that is there twice in a file counts twice. */
export interface ImportSummary {
  readonly customers: number;
  /** Of them, those who were not in the store. */
  readonly newCustomers: number;
  readonly contacts: number;
  /** Older than the ledger reaches. */
  readonly droppedContacts: number;
  readonly badLines: number;
  /** Names in contacts that the catalog does not know; such contacts are kept. */
  readonly unknownNames: readonly UnknownName[];
}

const customersPerWrite = 500;
/** Where triggers may speak to them, so many of a large file fall due in a second, at the pace of a walk over all. */
const customersPerSecond = 2_000;
/** Lines may be long: a write holds no more than this. */
const bytesPerWrite = 8_000_000;

export async function importCustomers(surroundings: Surroundings, options: ImportOptions): Promise<ExitCode> {
  const source = await openSource(surroundings, options.file);
  const summary = await withEngine(surroundings, async (engine) => {
    await endArrival(engine.store.holdings);
    const progress = showProgress(surroundings.errors, source.totalBytes);
    try {
      return await readInto(engine, source, options.format, surroundings.now(), progress);
    } finally {
      await progress.stop();
    }
  });
  await surroundings.output.write(options.json ? `${JSON.stringify(summary)}\n` : inWords(summary));
  return summary.badLines > 0 ? exitCodes.problems : exitCodes.ok;
}

async function readInto(engine: Engine, source: Source, format: CustomerFormat | null, now: number, progress: Progress): Promise<ImportSummary> {
  const catalog = engine.catalog.current();
  const readCustomer = createCustomerReader(readSpecification(), catalog, now);
  const unknown = createUnknownNames(catalog);
  const done = { customers: 0, newCustomers: 0, contacts: 0, droppedContacts: 0 };
  const bad = createBadLines(source.name, progress);

  let batch: ReadLine[] = [];
  let batchBytes = 0;
  const flush = async (): Promise<void> => {
    const wakeAt = wakeAfterProfile(catalog, now + Math.floor(done.customers / customersPerSecond) * 1000);
    const { lines, newCustomers, refused } = await writeBatch(engine.store, batch, now, wakeAt);
    const linked = await linkImported(engine.store, lines, catalog, now, progress);
    // Who was looked at before the link is looked at once more.
    if (wakeAt !== undefined && linked.length > 0) await engine.store.wake(linked, wakeAt);
    for (const { number, reasons } of refused) await bad.refuse(number, reasons);
    for (const { contacts = [], droppedContacts } of lines) {
      unknown.note(contacts);
      done.contacts += contacts.length;
      done.droppedContacts += droppedContacts;
    }
    done.customers += lines.length;
    done.newCustomers += newCustomers;
    batch = [];
    batchBytes = 0;
    await progress.update(source.bytesRead(), done.customers, progressWords(done.customers, bad.count()));
  };

  try {
    for await (const row of readCustomerFile(source.chunks, source.name, format, catalog.schemas.customer.json)) {
      if ('reason' in row) {
        await bad.refuse(row.line, [row.reason]);
        continue;
      }
      const record = readCustomer(row.value);
      if (!record.ok) {
        await bad.refuse(row.line, record.reasons);
        continue;
      }
      batch.push({ number: row.line, line: record.line });
      batchBytes += row.bytes;
      if (batch.length >= customersPerWrite || batchBytes >= bytesPerWrite) await flush();
    }
    await flush();
  } catch (error) {
    if (done.customers > 0) await progress.note(`Stopped. ${progressWords(done.customers, bad.count())} until then; what was stored stays, and the import can be run again.`);
    throw error;
  }
  await bad.end();
  return { ...done, badLines: bad.count(), unknownNames: unknown.found() };
}

function inWords({ customers, newCustomers, contacts, droppedContacts, badLines, unknownNames }: ImportSummary): string {
  const lines = [`${progressWords(customers, badLines)}.`];
  if (newCustomers < customers) lines.push(`${count(newCustomers)} new, ${count(customers - newCustomers)} updated.`);
  if (contacts > 0) lines.push(`${counted(contacts, 'contact')} in their ledgers.`);
  if (droppedContacts > 0) lines.push(`${counted(droppedContacts, 'contact')} left out: older than the ledger reaches.`);
  for (const { what, name, contacts: number } of unknownNames) lines.push(`The ${what} "${plainText(name)}" is not in the catalog; kept, in ${counted(number, 'contact')}.`);
  return `${lines.join('\n')}\n`;
}

/** "12,000 customers, 3 bad lines". */
function progressWords(customers: number, badLines: number): string {
  return `${counted(customers, 'customer')}${badLines === 0 ? '' : `, ${count(badLines)} bad ${badLines === 1 ? 'line' : 'lines'}`}`;
}
