import { kinds, numbers, regions, segments } from './company.mjs';

/** The model's columns, three ways: as model.yaml has them, as numbers of one customer and offer, and their ranges. */
const oneHot = (value, values) => values.map((one) => (one === value ? 1 : 0));

export const columnsYaml = [
  ...Object.keys(numbers).map((name) => `{ from: customer.${name}, default: 0 }`),
  `{ from: customer.region, oneHot: [${regions.join(', ')}], other: true }`,
  `{ from: customer.segment, oneHot: [${segments.join(', ')}] }`,
  `{ from: 'customer.phase == "engage"' }`,
  '{ from: offer.price, default: 0 }', '{ from: offer.popularity, default: 0 }', '{ from: offer.minimumIncome, default: 0 }',
  `{ from: offer.kind, oneHot: [${kinds.join(', ')}] }`,
  `{ from: 'customer.income >= offer.minimumIncome', default: 0 }`,
];

export function features({ profile: { attributes } }, offer) {
  return [
    ...Object.keys(numbers).map((name) => attributes[name]),
    ...oneHot(attributes.region, regions), 0, ...oneHot(attributes.segment, segments), 1,
    offer.price, offer.popularity, offer.minimumIncome, ...oneHot(offer.kind, kinds), attributes.income >= offer.minimumIncome ? 1 : 0,
  ];
}

const flag = [-0.5, 1.5];
export const bounds = [...Object.values(numbers), ...Array(11).fill(flag), [10, 2_000], [0, 100], [-100_000, 0], ...Array(6).fill(flag)];
