import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const files: Readonly<Record<string, string>> = {
  'schema.yaml': `
currency: SEK
timeZone: Europe/Stockholm
customer: { type: object, additionalProperties: false, properties: { age: { type: integer }, note: { type: string } } }
context: { type: object }
offer: { type: object }
channels: [web, email, call-center]
activities: [newsletter]
`,
  'strategies/all.yaml': '- { id: all, objective: maintain }\n',
  'rules/consent.yaml': '- { id: consent, kind: communication, applies: channel != "call-center", require: channel in customer.consents }\n',
  'offers/offers.yaml': `
- { id: scarce, name: Scarce, kind: cross-sell, value: { volume: 1, margin: 100, duration: 1 }, propensity: { prior: 0.5 }, limits: [{ outcome: accepted, max: 5, per: month, reserve: 15m }] }
- { id: hundred, name: A hundred, kind: cross-sell, value: { volume: 1, margin: 20, duration: 1 }, propensity: { prior: 0.5 }, limits: [{ outcome: accepted, max: 100, per: total }] }
- { id: plenty, name: Plenty, kind: cross-sell, value: { volume: 1, margin: 10, duration: 1 }, propensity: { prior: 0.5 } }
`,
};

export interface PolicyCatalog {
  readonly catalogFolder: string;
  readonly storeFolder: string;
  remove(): Promise<void>;
}

/** A catalog without models, about consent, limits and caps alone, and an empty store's folder beside it. `more`: further
 *  files. */
export async function writePolicyCatalog(more: Readonly<Record<string, string>> = {}): Promise<PolicyCatalog> {
  const folder = await mkdtemp(join(tmpdir(), 'nbo-policy-'));
  const catalogFolder = join(folder, 'catalog');
  for (const [path, text] of Object.entries({ ...files, ...more })) {
    await mkdir(dirname(join(catalogFolder, path)), { recursive: true });
    await writeFile(join(catalogFolder, path), text);
  }
  return { catalogFolder, storeFolder: join(folder, 'store'), remove: () => rm(folder, { recursive: true, force: true }) };
}
