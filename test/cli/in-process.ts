import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkCatalog, openEngine, openStore, openStoreForMove, startService } from '../../src/app.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import type { Surroundings } from '../../src/cli/surroundings.js';

export const now = Date.parse('2026-11-23T10:00:00Z');

/** A catalog without models: two offers, two rules, all types of attributes. */
export const smallCatalog: Readonly<Record<string, string>> = {
  'schema.yaml': `
currency: SEK
timeZone: Europe/Stockholm
customer:
  type: object
  additionalProperties: false
  required: [region]
  properties:
    age: { type: integer, minimum: 0 }
    balance: { type: number }
    region: { type: string, enum: [north, south] }
    carOwner: { type: boolean }
    memberSince: { type: string, format: date }
    tags: { type: array, items: { type: string } }
context: { type: object, additionalProperties: false, properties: { reason: { type: string } } }
offer: { type: object, additionalProperties: false, properties: { category: { type: string } } }
channels: [call-center, web]
activities: [newsletter]
`,
  'strategies/strategies.yaml': '- { id: maintain, objective: maintain, weights: { cross-sell: 1.5 } }\n',
  'offers/offers.yaml': `
- id: home-insurance
  name: Home insurance
  kind: cross-sell
  attributes: { category: insurance }
  value: { volume: 1, margin: 420, duration: 3 }
  propensity: { prior: 0.1234 }
  treatments:
    - { channel: call-center, script: { opening: "While I have you here, may I ask who insures your home today, and when you last compared what you pay for it?" } }
    - { channel: web, headline: A home that is more than walls }
- id: contact-us
  name: Talk to us
  kind: service
  attributes: { category: service }
  value: { volume: 1, margin: 5, duration: 1 }
  propensity: { prior: 0.1 }
- id: credit-card
  name: Credit card
  kind: cross-sell
  attributes: { category: credit }
  value: { volume: 1, margin: 100, duration: 2 }
  propensity: { prior: 0.05 }
`,
  'rules/rules.yaml': `
- id: of-age-for-credit-and-everything-else-that-the-law-asks-for
  kind: business
  applies: offer.category == "credit"
  require: customer.age >= 18
  reason: Credit is for customers of age
- id: rest-after-no
  kind: communication
  cooldown: { after: declined, for: 30d, scope: offer }
`,
};

export interface Ran { readonly code: number; readonly out: string; readonly err: string }
export interface Nbo {
  readonly folder: string;
  readonly environment: Record<string, string>;
  run(args: readonly string[], changes?: Partial<Surroundings>): Promise<Ran>;
  /** The full path. */
  write(path: string, text: string | Uint8Array): string;
  remove(): void;
}

/** A temporary folder with a catalog and an empty store, and the command line over them, all in this process. */
export function createNbo(files = smallCatalog): Nbo {
  const folder = mkdtempSync(join(tmpdir(), 'nbo-cli-'));
  const environment = { NBO_CATALOG: join(folder, 'catalog'), NBO_STORE: join(folder, 'store') };
  const write: Nbo['write'] = (path, text) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  for (const [path, text] of Object.entries(files)) write(join('catalog', path), text);
  return {
    folder, environment, write,
    remove: () => rmSync(folder, { recursive: true, force: true }),
    run: async (args, changes = {}) => {
      const written = { out: '', err: '' };
      const collect = (name: 'out' | 'err') => ({ isTerminal: false, columns: undefined, write: (text: string) => { written[name] += text; return Promise.resolve(); } });
      const code = await runCommandLine(args, {
        environment, output: collect('out'), errors: collect('err'), input: bytesOf(''), now: () => now, version: '0.0.0',
        randomBytes: (count) => new Uint8Array(count).fill(7),
        sampleCatalogFolder: environment.NBO_CATALOG,
        untilStopped: () => Promise.resolve('SIGTERM'),
        checkCatalog, openEngine, openStore, openStoreForMove, startService,
        ...changes,
      });
      return { code, ...written };
    },
  };
}

/** Text as a stream in small pieces, so that lines and characters are cut anywhere. */
export async function* bytesOf(text: string | Uint8Array, pieceLength = 7): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += pieceLength) yield await Promise.resolve(bytes.subarray(at, at + pieceLength));
}
