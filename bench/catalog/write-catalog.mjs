import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerFacts, numbers, offerFacts } from './company.mjs';
import { bounds, columnsYaml, features } from './features.mjs';
import { makeTreeModel } from './tree-model.mjs';

export const offersPerFile = 100;
const rulesPerFile = 1_000;

/**
 * Writes a catalog as people would: `offers` offers, each with 9 general rules and its gate, and so many specific rules
 * beside that there are `rules` in all, each about one of 100 groups of offers. `trees`: of the model; 0 for none,
 * when each offer has its prior. Answers with the model.
 */
export function writeCatalog(folder, shape) {
  const { offers, rules = 19, gates = 10, trees = 200 } = shape;
  const put = (path, text) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put('schema.yaml', schemaYaml());
  put('strategies/strategies.yaml', strategiesYaml);
  put('rules/general.yaml', [...generalRules(gates)].join(''));
  const specific = Array.from({ length: Math.max(0, rules - 9 - gates) }, (_, index) => specificRule(index, shape));
  for (let from = 0; from < specific.length; from += rulesPerFile) put(`rules/specific-${String(from).padStart(6, '0')}.yaml`, specific.slice(from, from + rulesPerFile).join(''));
  for (let from = 0; from < offers; from += offersPerFile) put(`offers/offers-${String(from).padStart(6, '0')}.yaml`, offersYaml(from, Math.min(offers, from + offersPerFile), shape));
  if (trees === 0) return null;
  const model = makeTreeModel({ trees, depth: 5, bounds });
  put('models/accept/model.onnx', model.bytes());
  put('models/accept/model.yaml', manifestYaml(model, shape));
  return model;
}

export function offersYaml(from, to, shape) {
  return Array.from({ length: to - from }, (_, place) => offerYaml(from + place, shape)).join('');
}

const schemaYaml = () => `currency: SEK
timeZone: Europe/Stockholm
customer:
  type: object
  additionalProperties: false
  properties:
    region: { type: string }
    segment: { type: string }
    band: { type: integer }
    memberSince: { type: string, format: date }
${Object.keys(numbers).map((name) => `    ${name}: { type: number }\n`).join('')}context: { type: object, additionalProperties: false, properties: { reason: { type: string } } }
offer:
  type: object
  additionalProperties: false
  required: [product, band, gate, group, price, popularity, minimumIncome, regions]
  properties:
    product: { type: string }
    band: { type: integer }
    gate: { type: integer }
    group: { type: integer }
    price: { type: number }
    popularity: { type: number }
    minimumIncome: { type: number }
    regions: { type: array, items: { type: string } }
derived:
  phase:
    - { is: onboard, when: "daysBetween(customer.memberSince, now) < 90" }
    - { is: engage }
channels: [call-center, web, email]
`;

const strategiesYaml = `- id: broaden
  objective: broaden
  when: customer.phase == "engage" && size(customer.holdings) < 3
  weights: { cross-sell: 1.3, up-sell: 1.1 }
- id: maintain
  objective: maintain
  weights: { loyalty: 1.2 }
`;

/** Nine that let pass, with the gates between them, so that some offers are refused at once and others last. */
function* generalRules(gates) {
  const general = [
    '- { id: of-age, kind: hygiene, require: customer.age >= 18, reason: Offers are for customers of age }\n',
    '- { id: marketing-consent, kind: communication, applies: \'direction == "outbound" || channel in ["web", "email"]\', require: channel in customer.consents, reason: No consent to marketing in this channel }\n',
    '- { id: not-more-than-three-a-week, kind: communication, cap: { outcome: presented, max: 3, per: 7d, scope: offer } }\n',
    '- { id: rest-after-no, kind: communication, cooldown: { after: declined, for: 30d, scope: offer } }\n',
    '- { id: once-is-enough, kind: communication, cooldown: { after: accepted, for: ever, scope: offer } }\n',
    '- { id: income-suffices, kind: business, require: customer.income >= offer.minimumIncome, reason: The income does not suffice }\n',
    '- { id: not-owned-already, kind: business, require: "!(offer.product in customer.holdings)", reason: The customer has it already }\n',
    '- { id: in-the-region, kind: business, require: size(offer.regions) == 0 || customer.region in offer.regions, reason: Not in this region }\n',
    '- { id: not-at-night, kind: communication, applies: \'direction == "outbound"\', quiet: { from: "21:00", until: "08:00" } }\n',
  ];
  for (let place = 0; place < Math.max(general.length, gates); place++) {
    if (place < gates) yield `- { id: band-${place}, kind: business, applies: offer.gate == ${place}, require: customer.band == offer.band, reason: For another kind of customer }\n`;
    if (place < general.length) yield general[place];
  }
}

/** Lets pass; every second one reads the offer, too. No two are alike. */
function specificRule(index, { groups = 100 }) {
  const require = index % 2 === 0 ? `customer.balance > -${index + 1}` : `customer.savings + ${index}.5 >= offer.minimumIncome`;
  return `- { id: specific-${index}, kind: business, applies: offer.group == ${index % groups}, require: "${require}", reason: Rule ${index} of a group }\n`;
}

function offerYaml(index, shape) {
  const { id, kind, product, band, gate, group, price, popularity, minimumIncome, regions, margin, lever } = offerFacts(index, shape);
  const name = `${['Plain', 'Better', 'Best', 'Family', 'Travel', 'Home'][index % 6]} offer ${index}`;
  return `- id: ${id}
  name: ${name}
  kind: ${kind}
  attributes: { product: ${product}, band: ${band}, gate: ${gate}, group: ${group}, price: ${price}, popularity: ${popularity}, minimumIncome: ${minimumIncome}, regions: [${regions.join(', ')}] }
  value: { volume: 1, margin: ${margin}, duration: "customer.tenureMonths > 24.0 ? 5.0 : 3.0" }
  propensity: ${shape.trees === 0 ? (popularity + 1) / 1000 : '{ model: accept, output: propensity, prior: 0.04 }'}
${lever === null ? '' : `  lever: { weight: ${lever} }\n`}  treatments:
    - channel: call-center
      script:
        opening: "I see that you have been with us for a while. May I tell you about ${name}, which many customers like you have chosen?"
        objections: ["It is ${price} a month, and you can end it at any time.", "You need not decide now; I can send it to you in writing."]
        legal: "The terms of ${name} apply. Prices include tax."
    - channel: web
      headline: "${name}, made for you"
      cta: { label: See how, url: "https://example.com/offers/${id}" }
`;
}

function manifestYaml(model, shape) {
  const customer = customerFacts(1, { bands: shape.bands, offers: shape.offers, contacts: 0, now: 0 });
  const row = features(customer, offerFacts(0, shape));
  return `id: accept
description: How likely the customer accepts; made by the bench
file: model.onnx
inputs:
  - name: features
    type: float32
    columns:
${columnsYaml.map((column) => `      - ${column}\n`).join('')}outputs:
  propensity: { tensor: probability, column: 0 }
golden:
  - { inputs: { features: [[${row.join(', ')}]] }, outputs: { propensity: [${model.score(row)}] } }
`;
}
