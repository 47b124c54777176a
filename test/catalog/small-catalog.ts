import { loadCatalog, type CatalogDependencies, type CatalogResult } from '../../src/catalog/load-catalog.js';
import { formatProblem } from '../../src/catalog/problem.js';
import type { Catalog } from '../../src/decision/types.js';
import type { ModelLoader } from '../../src/models/model-loader.js';
import { checkManifest } from '../../src/models/check-manifest.js';

/** 2026-11-23, noon in Stockholm. */
export const now = Date.UTC(2026, 10, 23, 11);

/** Every kind of file once, all of it right. */
export const smallFiles: Readonly<Record<string, string>> = {
  'schema.yaml': `currency: SEK
timeZone: Europe/Stockholm
customer:
  type: object
  additionalProperties: false
  properties:
    age: { type: integer, minimum: 0 }
    region: { type: string, enum: [north, south] }
    memberSince: { type: string, format: date }
    address: { type: object, properties: { city: { type: string } } }
context:
  type: object
  additionalProperties: false
  properties: { reason: { type: string } }
offer:
  type: object
  additionalProperties: false
  properties:
    category: { type: string, enum: [credit, insurance] }
    product: { type: string }
derived:
  phase:
    - { is: onboard, when: "daysBetween(customer.memberSince, now) < 90" }
    - { is: engage }
  churnRisk: { model: churn, output: propensity, default: 0.1 }
channels: [web, email, call-center]
activities: [newsletter]
control: { share: 0.05, salt: "2026" }
`,
  'strategies/strategies.yaml': `- id: grow
  objective: broaden
  toward: a household with several products
  when: customer.phase == "engage" && size(customer.holdings) < 3
  weights: { cross-sell: 1.3, loyalty: 0.8 }
  owner: crm
- id: keep
  objective: maintain
`,
  'offers/card.yaml': `id: card
name: Card
kind: cross-sell
attributes: { category: credit, product: card }
value: { volume: 1, margin: 'customer.age > 30 ? 40.0 : 20.0', duration: { model: lifetime, output: years, prior: 3 } }
propensity: { model: accept, prior: 0.04 }
lever: { weight: 1.1, from: 2026-11-01, until: 2026-12-31 }
limits: [ { outcome: accepted, max: 500, per: month, reserve: 15m }, { outcome: presented, max: 9 } ]
treatments:
  - channel: web
    stage: inspire
    locale: sv-SE
    headline: Ett kort
    cta: { label: Visa, url: /card }
  - { channel: web, when: '"storm" in triggers', headline: A card for the storm }
reviewBy: 2027-01-31
`,
  'offers/insurance.yaml': `- id: shelter
  name: Storm insurance
  kind: service
  attributes: { category: insurance }
  value: { margin: 10 }
  propensity: 0.2
- id: advice
  name: Advice
  kind: loyalty
  value: { margin: 5 }
  propensity: { prior: 0.1 }
`,
  'rules/rules.yaml': `- id: consent
  kind: communication
  applies: direction == "outbound"
  require: channel in customer.consents
  reason: No consent to marketing in this channel
- id: of-age
  kind: business
  applies: has(offer.category) && offer.category == "credit"
  require: customer.age >= 18
- id: three-a-week
  kind: communication
  cap: { outcome: presented, max: 3, per: 7d, scope: customer }
- id: once
  kind: communication
  cooldown: { after: declined, for: ever }
- id: no-card-after-advice
  kind: communication
  applies: has(offer.product) && offer.product == "card"
  cooldown: { after: accepted, offers: [advice], for: 120d }
- id: night
  kind: communication
  quiet: { from: "21:00", until: "08:00" }
- id: worth-it
  kind: hygiene
  require: propensity * value >= 0.1
`,
  'triggers/events.yaml': `weather.warning:
  description: It will blow
  data: { type: object, properties: { region: { type: string }, level: { type: integer } } }
purchase:
`,
  'triggers/triggers.yaml': `- id: storm
  type: external
  on: { event: weather.warning, when: event.data.level >= 2 }
  matches: customer.region == event.data.region
  window: 2d
  effect: { weight: 2, unlocks: [shelter] }
- id: year-end
  type: business
  from: 2026-12-01
  until: 2026-12-31
  effect: { weight: 1.2, kinds: [loyalty] }
- id: newcomer
  type: lifecycle
  while: customer.phase == "onboard"
  audience: customer.age >= 18
  effect: { weight: 1.1, offers: [card, advice] }
- id: gone-quiet
  type: lifecycle
  absence: { of: purchase, rhythm: 2, atLeast: 14d }
  effect: { weight: 1.5, kinds: [retention] }
`,
  'models/accept/model.yaml': `id: accept
file: model.onnx
inputs:
  - name: features
    type: float32
    columns:
      - { from: customer.age, default: 40 }
      - { from: 'customer.phase == "engage"', default: 0 }
      - { from: offer.category, map: { insurance: 1, credit: 2 }, default: 0 }
outputs:
  propensity: { tensor: probabilities, column: 1 }
`,
  'models/accept/model.onnx': 'accept',
  'models/lifetime/model.yaml': `id: lifetime
file: model.onnx
inputs: [ { name: age, type: float32, columns: [ { from: customer.age, default: 40 } ] } ]
outputs: { years: { tensor: variable } }
`,
  'models/lifetime/model.onnx': 'lifetime',
  'models/churn/model.yaml': `id: churn
file: model.onnx
inputs: [ { name: phase, type: float32, columns: [ { from: customer.phase, oneHot: [onboard, engage] } ] } ]
outputs: { propensity: { tensor: probabilities, column: 1 } }
`,
  'models/churn/model.onnx': 'churn',
};

/** `null` takes a file out. */
export type Changes = Readonly<Record<string, string | null>>;

export function filesWith(changes: Changes = {}): Map<string, string> {
  const files = new Map(Object.entries(smallFiles));
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return files;
}

/** Checks what can be checked without a runtime, and refuses a file whose text is "broken". */
export const modelLoader: ModelLoader = {
  load: ({ manifest, bytes, expressions }) => {
    const problems = [...checkManifest(manifest, expressions), ...(new TextDecoder().decode(bytes) === 'broken' ? [{ path: '/file', message: 'The file is no ONNX model' }] : [])];
    if (problems.length > 0 || expressions.flat().includes(null)) return Promise.resolve({ ok: false, problems, warnings: [] });
    const reads = new Set(expressions.flat().flatMap((column) => [...column!.expression.reads]));
    return Promise.resolve({ ok: true, model: { id: manifest.id, outputs: Object.keys(manifest.outputs), reads }, warnings: [] });
  },
};

export const dependencies: CatalogDependencies = { models: modelLoader, now: () => now };

export const load = (files: ReadonlyMap<string, string | Uint8Array>): Promise<CatalogResult> => loadCatalog(files, dependencies);

/** The lines that a person sees: problems, or the warnings of a good catalog. */
export async function linesOf(changes: Changes): Promise<string[]> {
  const result = await load(filesWith(changes));
  return (result.ok ? result.warnings : result.problems).map(formatProblem);
}

export async function loaded(changes: Changes = {}): Promise<Catalog> {
  const result = await load(filesWith(changes));
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.catalog;
}
