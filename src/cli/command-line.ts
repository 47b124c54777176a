import { Command, CommanderError, Option } from 'commander';
import type { StoreLocation } from '../config.js';
import { visitorKey } from '../customers/visitor-id.js';
import { scopes, type Scope } from '../service/service.js';
import { decide } from './commands/decide.js';
import { demo } from './commands/demo.js';
import { erase } from './commands/erase.js';
import { exportCustomers } from './commands/export.js';
import { importCustomers } from './commands/import.js';
import { ingestEvents } from './commands/ingest.js';
import { createKey } from './commands/key.js';
import { showLimits } from './commands/limits.js';
import { migrate } from './commands/migrate.js';
import { printSampleCustomers } from './commands/sample-customers.js';
import { start } from './commands/start.js';
import { measureRhythms } from './commands/triggers-rhythm.js';
import { sizeTriggers } from './commands/triggers-size.js';
import { validateCatalog } from './commands/validate.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { describeFailure, wrongUse } from './failure.js';
import { exitText, texts } from './help-texts.js';
import { dateTime, folderPath, jsonObject, keyName, nameList, personId, placement, scopeList, storeLocation, wholeNumber } from './parse-options.js';
import { customerFormats, type CustomerFormat } from './reading/customer-file.js';
import type { Surroundings } from './surroundings.js';

/** Runs one command to its end. Resolves the exit code, whatever happens; errors are told on standard error. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const written: Promise<void>[] = [];
  let exitCode: ExitCode = exitCodes.ok;
  const program = createProgram(surroundings, (code) => { exitCode = code; });
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => written.push(surroundings.output.write(text)),
      // Commander repeats what was given; a store's address may have a password in it.
      writeErr: (text) => written.push(surroundings.errors.write(text.replace(/(\w[\w+.-]*:\/\/)[^\s'"]*@/g, '$1…@'))),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUse;
    const failure = describeFailure(error);
    await surroundings.errors.write(`${failure.lines.join('\n')}\n`);
    return failure.exitCode;
  } finally {
    await Promise.all(written);
  }
}

function createProgram(surroundings: Surroundings, done: (code: ExitCode) => void): Command {
  const program = new Command('nbo').description(texts.nbo).version(surroundings.version).addHelpText('after', `\n${exitText}`).showHelpAfterError('(nbo --help shows how it is used)');
  const add = (usage: string, { summary, description, example }: (typeof texts.commands)[keyof typeof texts.commands], parent = program): Command =>
    parent.command(usage).summary(summary).description(description).addHelpText('after', `\nExample:\n${example.map((line) => `  ${line}\n`).join('')}\n${exitText}`)
      .showHelpAfterError(`(nbo ${parent === program ? '' : `${parent.name()} `}${usage.split(' ')[0]!} --help shows how it is used)`);
  const run = <Given extends unknown[]>(command: (...given: Given) => Promise<ExitCode>) => async (...given: Given): Promise<void> => done(await command(...given));
  const json = ['--json', 'print the result as JSON, for machines'] as const;
  const { commands } = texts;

  add('start', commands.start).action(run(() => start(surroundings)));

  add('validate [folder]', commands.validate).option(...json)
    .action(run((folder: string | undefined, options: { json?: true }) => validateCatalog(surroundings, { folder: folder ?? null, json: options.json === true })));

  add('decide', commands.decide)
    .option('--customer <id>', 'the customer; without one, an unknown visitor', personId)
    .addOption(new Option('--visitor <id>', 'in place of --customer: a visitor of whom the store may know contacts and events').argParser(personId).conflicts('customer'))
    .option('--channel <channel>', 'one of the catalog\'s channels')
    .addOption(new Option('--channels <channels>', 'in place of --channel, for a contact that we make: channels separated by commas, to choose the best of for each offer').argParser(nameList).conflicts('channel'))
    .addOption(new Option('--direction <direction>', 'who made contact: the customer (inbound, the default), or we (outbound, as always with --channels)').choices(['inbound', 'outbound']))
    .option('--limit <number>', 'how many offers at most (default: 3)', wholeNumber(1, 100))
    .option('--placement <placement>', 'a place to fill, with its own settings: hero,limit=2,kinds=cross-sell|loyalty,fallback=contact-us; may be repeated', placement)
    .option('--context <json>', 'the situation of this contact, as a JSON object', jsonObject)
    .option('--locale <locale>', 'a language tag, such as sv-SE')
    .addOption(new Option('--explain <depth>', 'with reasons, or also with every offer that is not in the answer').choices(['none', 'reasons', 'full']).default('none'))
    .option('--at <time>', 'decide as of this time, such as 2026-11-23T10:00:00Z', dateTime)
    .option(...json)
    .action(run(({ customer, visitor, placement: placements, json: asJson, ...request }: { customer?: string; visitor?: string; placement?: readonly object[]; json?: true; channel?: string; channels?: readonly string[] }) => {
      if (request.channel === undefined && request.channels === undefined) throw wrongUse("error: option '--channel <channel>' not specified, nor '--channels <channels>'", '(nbo decide --help shows how it is used)');
      return decide(surroundings, { request: { customerId: customer, visitorId: visitor, placements, ...request }, json: asJson === true });
    }));

  add('import <file>', commands.import)
    .addOption(new Option('--format <format>', 'what the file is (default: told from its name, or its beginning)').choices(customerFormats))
    .option(...json)
    .action(run((file: string, options: { format?: CustomerFormat; json?: true }) => importCustomers(surroundings, { file, format: options.format ?? null, json: options.json === true })));

  add('ingest <file>', commands.ingest).option(...json)
    .action(run((file: string, options: { json?: true }) => ingestEvents(surroundings, { file, json: options.json === true })));

  add('export', commands.export).option('--customer <id>', 'this customer only', personId)
    .addOption(new Option('--visitor <id>', 'this visitor only').argParser(personId).conflicts('customer'))
    .action(run((options: { customer?: string; visitor?: string }) => exportCustomers(surroundings, { customerId: options.customer ?? null, visitorId: options.visitor ?? null })));

  add('limits', commands.limits)
    .option('--catalog <folder>', 'in place of NBO_CATALOG', folderPath)
    .option('--store <store>', 'a folder or a URL, in place of NBO_STORE', storeLocation)
    .option(...json)
    .action(run(({ catalog, store, json: asJson }: { catalog?: string; store?: StoreLocation; json?: true }) =>
      showLimits(surroundings, { catalog: catalog ?? null, store: store ?? null, json: asJson === true })));

  const triggers = add('triggers', commands.triggers);
  add('rhythm', commands.triggersRhythm, triggers).option(...json)
    .action(run((options: { json?: true }) => measureRhythms(surroundings, { json: options.json === true })));
  add('size [triggers...]', commands.triggersSize, triggers)
    .option('--sample <number>', 'how many customers to look at', wholeNumber(1, 100_000), 2_000)
    .option('--seed <number>', 'another seed, another sample', wholeNumber(0, 2 ** 31 - 1), 0)
    .option('--channel <channel>', 'the contact is made in this channel (default: for each customer in the best one)')
    .option('--store <store>', 'a folder or a URL, in place of NBO_STORE', storeLocation)
    .option(...json)
    .action(run((ids: readonly string[], { sample, seed, channel, store, json: asJson }: { sample: number; seed: number; channel?: string; store?: StoreLocation; json?: true }) =>
      sizeTriggers(surroundings, { ids, sampleSize: sample, seed, channel: channel ?? null, store: store ?? null, json: asJson === true })));

  add('erase', commands.erase).option('--customer <id>', 'whom to erase', personId)
    .addOption(new Option('--visitor <id>', 'in place of --customer: the visitor to erase').argParser(personId).conflicts('customer'))
    .action(run(({ customer, visitor }: { customer?: string; visitor?: string }) => {
      if (customer === undefined && visitor === undefined) throw wrongUse("error: option '--customer <id>' not specified, nor '--visitor <id>'", '(nbo erase --help shows how it is used)');
      return erase(surroundings, { key: customer ?? visitorKey(visitor!) });
    }));

  add('migrate', commands.migrate)
    .requiredOption('--from <store>', 'the store that is moved, as NBO_STORE names it', storeLocation)
    .requiredOption('--to <store>', 'the store that it is moved to', storeLocation)
    .option(...json)
    .action(run((options: { from: StoreLocation; to: StoreLocation; json?: true }) => migrate(surroundings, { ...options, json: options.json === true })));

  add('key', commands.key)
    .requiredOption('--name <name>', 'who calls with it; it stands in the logs', keyName)
    .requiredOption('--scopes <scopes>', `what it may do, separated by commas: ${scopes.join(', ')}`, scopeList)
    .option('--file <file>', 'the key file to add it to; made where it is not there')
    .action(run((options: { name: string; scopes: readonly Scope[]; file?: string }) => createKey(surroundings, { ...options, file: options.file ?? null })));

  add('sample-customers', commands.sampleCustomers)
    .option('--count <number>', 'how many', wholeNumber(1, 10_000_000), 1_000)
    .option('--seed <number>', 'another seed, other customers', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--now <time>', 'the time that ages and histories are counted from (default: now)', dateTime)
    .action(run(({ count, seed, now }: { count: number; seed: number; now?: string }) => printSampleCustomers(surroundings, { count, seed, now: now === undefined ? surroundings.now() : Date.parse(now) })));

  add('demo', commands.demo).option('--once', 'end after the first answer').option('--folder <folder>', 'where it keeps its store', '.demo')
    .action(run((options: { once?: true; folder: string }) => demo(surroundings, { once: options.once === true, folder: options.folder })));
  return program;
}
