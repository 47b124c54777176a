import { product } from '../frame/product.mjs';
import { rules } from './task.mjs';

const operators = {
  atLeast: (fact, parameter) => `${fact} >= ${parameter}`, atMost: (fact, parameter) => `${fact} <= ${parameter}`, isNot: (fact, parameter) => `${fact} != ${parameter}`,
  oneOf: (fact, parameter) => `${fact} in ${parameter}`, has: (fact, parameter) => `${parameter} in ${fact}`, lacks: (fact, parameter) => `!(${parameter} in ${fact})`,
};
const now = Date.parse('2026-11-23T10:00:00Z');
const number = { type: 'number' };
const text = { type: 'string' };
const texts = { type: 'array', items: text };

/** Our pipeline over a catalog of YAML files, without store, models and HTTP. `explain` full: every rule of every offer, with its reason. */
export async function open({ offers }, explain = 'none') {
  const { loadCatalog } = await product('catalog/load-catalog.js');
  const { decide } = await product('decision/pipeline.js');
  const { result } = { result: await loadCatalog(filesOf(offers), { models: { load: () => { throw new Error('no models here'); } }, now: () => now }) };
  if (!result.ok) throw new Error(`The catalog is refused: ${JSON.stringify(result.problems.slice(0, 3))}`);
  const request = { channel: 'call-center', direction: 'inbound', limit: 3, placements: null, context: {}, explain };
  const run = (customer) => decide({ catalog: result.catalog, request, customer, now, contested: new Set() }).next().value;
  const known = new Map();
  const stored = ({ id, holdings, ...attributes }) => {
    if (!known.has(id)) known.set(id, { id, profile: { attributes, consents: [], holdings }, contacts: [], limitUsage: new Map() });
    return known.get(id);
  };
  return {
    rank: (customer) => run(stored(customer)).offers.map(({ offer }) => offer.id),
    ...(explain === 'full' && { refusals: (customer) => run(stored(customer)).excluded.filter(({ rejectedBy }) => rejectedBy.length > 0).map(({ offer, rejectedBy }) => `${offer.id}: ${rejectedBy.map(({ rule }) => rule).join(', ')}`).sort() }),
  };
}

function filesOf(offers) {
  const schema = {
    currency: 'SEK', timeZone: 'Europe/Stockholm', channels: ['call-center'],
    customer: { type: 'object', additionalProperties: false, properties: { age: number, income: number, region: text, segment: text, agreements: texts, complaints: number, tenureMonths: number, balance: number, logins: number } },
    offer: {
      type: 'object', additionalProperties: false, required: rules.map(({ parameter }) => parameter),
      properties: { minimumAge: number, minimumIncome: number, regions: texts, product: text, excludedSegment: text, purpose: text, mostComplaints: number, minimumTenure: number, mostBalance: number, leastLogins: number },
    },
  };
  const ofRule = ({ id, fact, holds, parameter, reason }) => ({ id, kind: 'business', require: operators[holds](`customer.${fact}`, `offer.${parameter}`), reason });
  const ofOffer = ({ id, score, ...attributes }) => ({ id, kind: 'cross-sell', attributes, value: { margin: 1000 }, propensity: score });
  const files = { 'schema.yaml': schema, 'strategies/all.yaml': [{ id: 'all', objective: 'broaden' }], 'rules/all.yaml': rules.map(ofRule), 'offers/all.yaml': offers.map(ofOffer) };
  return new Map(Object.entries(files).map(([path, content]) => [path, JSON.stringify(content, null, 1)]));      // JSON is YAML
}
