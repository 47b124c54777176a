import { existsSync } from 'node:fs';
import { jest } from '@jest/globals';
import { createNbo, type Nbo } from './in-process.js';

jest.setTimeout(60_000);

let nbo: Nbo;
beforeAll(async () => {
  nbo = createNbo();
  await nbo.run(['import', '-']);       // makes an empty store
});
afterAll(() => nbo.remove());

const commands = ['start', 'validate', 'decide', 'import', 'ingest', 'export', 'limits', 'triggers', 'erase', 'key', 'sample-customers', 'demo'];

describe('help', () => {
  test.each([...commands, 'triggers rhythm', 'triggers size'])('nbo %s --help has an example, the exit codes, and fits 100 columns', async (command) => {
    const { code, out, err } = await nbo.run([...command.split(' '), '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(`Example:\\n(.*\\n)*?.*nbo (.*nbo )?${command}`));
    expect(out).toContain('Exit codes: 0 all is well, 1 problems were found, 2 wrong use.');
    for (const line of out.split('\n').filter((text) => !text.includes('nbo '))) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('nbo --help names every command', async () => {
    const { code, out } = await nbo.run(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(out).toContain(`\n  ${command} `);
  });

  test('the help of import says what it replaces, and what stays', async () => {
    const { out } = await nbo.run(['help', 'import']);
    expect(out.replace(/\s+/g, ' ')).toMatch(/is to a customer who is there what PUT \/v1\/customers\/\{id\} with the same body is.* an objection stays until "objection" is false\. The ledger of contacts, and what is kept of events, stay where a line does not speak of them/);
  });

  test('--version', async () => expect(await nbo.run(['--version'])).toEqual({ code: 0, out: '0.0.0\n', err: '' }));
});

describe('wrong use exits with 2, says why, and prints nothing on standard output', () => {
  test.each([
    [[], 'Usage: nbo'],
    [['decid'], "unknown command 'decid'"],
    [['decide'], "'--channel <channel>' not specified, nor '--channels <channels>'"],
    [['decide', '--channel', 'web', '--channels', 'web'], 'cannot be used with option'],
    [['decide', '--channels', 'web,webb'], 'channels/1: The channel "webb" is not in the catalog; did you mean web?'],
    [['decide', '--channels', 'web,'], 'channels/1: must not be empty'],
    [['decide', '--channels', 'web', '--direction', 'inbound'], 'it is we who make contact'],
    [['decide', '--channel', 'web', '--limit', '0'], 'whole number from 1 to 100'],
    [['decide', '--channel', 'web', '--limit', '1.5'], 'whole number from 1 to 100'],
    [['decide', '--channel', 'web', '--explain', 'much'], 'Allowed choices are none, reasons, full'],
    [['decide', '--channel', 'web', '--direction', 'up'], 'Allowed choices are inbound, outbound'],
    [['decide', '--channel', 'web', '--context', 'moving'], 'must be a JSON object'],
    [['decide', '--channel', 'web', '--context', '[1]'], 'must be a JSON object'],
    [['decide', '--channel', 'web', '--at', 'yesterday'], 'date and time with its offset'],
    [['decide', '--channel', 'web', '--at', '2026-02-30T10:00:00Z'], 'date and time with its offset'],
    [['decide', '--channel', 'web', '--customer', ''], '1 to 128 printable characters'],
    [['decide', '--channel', 'web', '--customer', 'a\nb'], '1 to 128 printable characters'],
    [['decide', '--channel', 'web', '--placement', 'hero,limits=2'], 'Write it as "hero"'],
    [['decide', '--channel', 'web', '--placement', 'hero,limit=0'], 'whole number from 1 to 100'],
    [['decide', '--channel', 'web', '--placement', 'hero,kinds=cross-sel'], 'placements/0/kinds/0'],
    [['decide', '--channel', 'web', '--locale', 'no language'], 'locale'],
    [['decide', '--channel', 'webb'], 'did you mean web?'],
    [['decide', '--channel', 'web', '--context', '{"mood":"sad"}'], 'context/mood'],
    [['decide', '--channel', 'web', '--placement', 'hero,fallback=contact-uss'], 'did you mean contact-us?'],
    [['import'], "missing required argument 'file'"],
    [['import', 'a.csv', '--format', 'xml'], 'Allowed choices are ndjson, csv'],
    [['erase'], "'--customer <id>' not specified"],
    [['key', '--name', 'x'], "'--scopes <scopes>' not specified"],
    [['key', '--name', 'x', '--scopes', 'decide,rekord'], 'There is no scope rekord'],
    [['key', '--name', 'x', '--scopes', ','], 'Name at least one'],
    [['key', '--name', ' ', '--scopes', 'decide'], '1 to 100 printable characters'],
    [['sample-customers', '--count', '-1'], 'whole number from 1'],
    [['sample-customers', '--now', '23 November'], 'date and time with its offset'],
    [['export', '--all'], "unknown option '--all'"],
    [['export', '--customer', 'C-1', '--visitor', 'web-1'], 'cannot be used with'],
    [['erase', '--visitor', ''], '1 to 128 printable characters'],
  ])('nbo %j', async (args, said) => {
    const { code, out, err } = await nbo.run(args);
    expect(err).toContain(said);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('a wrong configuration names every setting, once for each', async () => {
    const { code, err } = await nbo.run(['export'], { environment: { NBO_STORE: 'postgres://localhost', LOG_LEVEL: 'loud' } });
    expect(code).toBe(2);
    expect(err).toMatch(/^The configuration is wrong:\n {2}NBO_STORE .*\n {2}LOG_LEVEL .*\n$/);
  });

  test('a command that does not listen does not mind how the service would', async () => {
    const { code } = await nbo.run(['export'], { environment: { ...nbo.environment, HOST: '0.0.0.0', PORT: 'x' } });
    expect(code).toBe(0);
  });
});

describe('a folder that is no store', () => {
  test.each([
    ['export', ['export'], 'Set NBO_STORE to'],
    ['erase', ['erase', '--customer', 'C-1'], 'Set NBO_STORE to'],
    ['decide', ['decide', '--channel', 'web'], 'Set NBO_STORE to'],
    ['ingest', ['ingest', '-'], 'Set NBO_STORE to'],
    ['limits', ['limits'], 'Set NBO_STORE, or --store, to'],
    ['triggers size', ['triggers', 'size'], 'Set NBO_STORE, or --store, to'],
  ])('%s says so and what to do, and makes none', async (_name, args, advice) => {
    const empty = createNbo();
    try {
      expect(await empty.run(args)).toEqual({ code: 1, out: '', err: `There is no store in ${empty.environment['NBO_STORE']}.\n${advice} the store of the service, a folder (looked for from where the command runs) or a Redis; the log of the service names it at the start. "nbo start" and "nbo import" make a new one.\n` });
      expect(existsSync(empty.environment['NBO_STORE']!)).toBe(false);
    } finally {
      empty.remove();
    }
  });
});

describe('errors that nobody foresaw are told in one line', () => {
  test.each([
    ['any error', new Error('The disk fell over'), 'The disk fell over\n'],
    ['one of the system', Object.assign(new Error('ENOSPC: x'), { code: 'ENOSPC', path: '/data' }), '/data: the disk is full\n'],
    ['one that would write to the terminal', new Error('one\ntwo \u001b[31mred'), 'one two  [31mred\n'],
  ])('%s', async (_name, error, said) => {
    expect(await nbo.run(['export'], { openStore: () => Promise.reject(error) })).toEqual({ code: 1, out: '', err: said });
  });
});
