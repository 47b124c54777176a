import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../frame/product.mjs';

const dayMs = 86_400_000;
const parts = ['schema.yaml', 'strategies', 'offers', 'rules', 'triggers', 'models'];

/** Triggers that are active for the customers below, of every kind of start; they weigh 1, so that the ranking is the same. */
const twenty = [
  ...Array.from({ length: 10 }, (_, place) => `- { id: by-event-${place}, type: journey, on: { event: bench.visit }, window: ${30 + place}d, endsWith: [accepted], rest: 7d, effect: { weight: 1, kinds: [cross-sell] } }`),
  '- { id: third, type: journey, on: { event: bench.visit, when: \'eventCount("bench.visit") >= 3\' }, window: 60d, effect: { weight: 1, kinds: [cross-sell] } }',
  '- { id: by-group, type: external, on: { event: bench.storm }, matches: event.data.level > 0.0, window: 300d, effect: { weight: 1, kinds: [service] } }',
  ...Array.from({ length: 3 }, (_, place) => `- { id: silent-${place}, type: lifecycle, absence: { of: bench.order, rhythm: ${1 + place / 4}, atLeast: 1d }, effect: { weight: 1, kinds: [retention] } }`),
  ...Array.from({ length: 3 }, (_, place) => `- { id: state-${place}, type: lifecycle, while: 'size(customer.id) > ${place}', effect: { weight: 1, kinds: [loyalty] } }`),
  ...Array.from({ length: 2 }, (_, place) => `- { id: dates-${place}, type: business, from: 2026-11-0${1 + place}, until: 2026-12-31, effect: { weight: 1, kinds: [loyalty] } }`),
].join('\n');

/** The sample catalog in a folder of its own; `more`: with the twenty. */
export function writeSampleCatalog(folder, more) {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  if (!more) return folder;
  writeFileSync(join(folder, 'triggers/bench.yaml'), `${twenty}\n`);
  cpSync(join(root, 'triggers/events.yaml'), join(folder, 'triggers/events.yaml'));
  writeFileSync(join(folder, 'triggers/events.yaml'), '\nbench.visit: {}\nbench.order: {}\nbench.storm: { data: { type: object, additionalProperties: false, required: [level], properties: { level: { type: number } } } }\n', { flag: 'a' });
  return folder;
}

/** What starts the twenty for a customer: four visits, and weekly orders that have ended. */
export function eventsFor(subject, now) {
  const event = (type, place, ago, data) => ({ specversion: '1.0', id: `${type}-${place}-${subject}`, source: '/bench', type, subject, time: new Date(now - ago * dayMs).toISOString(), ...(data && { data }) });
  return [
    ...Array.from({ length: 4 }, (_, place) => event('bench.visit', place, 1 + place)),
    ...Array.from({ length: 8 }, (_, place) => event('bench.order', place, 30 + place * 7)),
  ];
}

export const storm = (now, id = 'storm') => ({ specversion: '1.0', id, source: '/bench', type: 'bench.storm', time: new Date(now - dayMs).toISOString(), data: { level: 1 } });
