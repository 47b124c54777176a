import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The files of the sample catalog at the repository root, parsed and not compiled: what their authors wrote. */
const root = new URL('../../', import.meta.url);
export const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');

export interface TreatmentFile {
  channel: string; placement?: string; locale?: string; stage?: string; when?: string;
  script?: { opening: string; questions?: string[]; objections?: { they: string; we: string }[]; legal?: string };
  headline?: string; title?: string; subject?: string; text?: string; receipt?: string; till?: string;
  cta?: { label: string; url: string };
  labels?: Record<string, string>;
}
export interface OfferFile {
  id: string; kind: string; treatments: TreatmentFile[];
  attributes: { category: string; product?: string; requires?: string };
}
export interface RuleFile { id: string; kind: string; reason?: string; cap?: { per: string }; cooldown?: { for: string; offers?: string[] } }
export interface StrategyFile { id: string; when?: string; weights: Record<string, number> }
export interface TriggerFile { id: string; type: string; on?: { event: string }; absence?: { of: string }; effect: { offers?: string[]; unlocks?: string[] } }
export interface EventFile { description: string; data: object }
export interface SchemaFile { customer: object; offer: object; channels: string[]; activities: string[]; control: { share: number; salt: string } }

const folders = ['offers', 'rules', 'strategies', 'triggers'];
export const paths = ['schema.yaml', ...folders.flatMap((folder) => readdirSync(new URL(`${folder}/`, root)).filter((file) => file.endsWith('.yaml')).map((file) => `${folder}/${file}`))];
const eventsPath = 'triggers/events.yaml';
const read = (path: string): unknown => parse(textOf(path));
const entries = (folder: string): unknown[] => paths.filter((path) => path.startsWith(`${folder}/`) && path !== eventsPath).flatMap(read);

export const schema = read('schema.yaml') as SchemaFile;
export const events = read(eventsPath) as Record<string, EventFile>;
export const offers = entries('offers') as OfferFile[];
export const rules = entries('rules') as RuleFile[];
export const strategies = entries('strategies') as StrategyFile[];
export const triggers = entries('triggers') as TriggerFile[];
