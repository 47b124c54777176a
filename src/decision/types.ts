/**
 * The glossary: every word of the decision, as a type. A `Catalog` is compiled from files by `catalog/`,
 * a `CustomerState` is read by `customers/`, a `ModelAnswer` comes from `models/`; the pipeline takes the three
 * and the request, and gives a `Decision`. Times are epoch milliseconds unless the name says otherwise.
 */
export * from './types/words.js';
export * from './types/customer.js';
export * from './types/attribute-schema.js';
export * from './types/expression.js';
export * from './types/offer.js';
export * from './types/rule.js';
export * from './types/trigger.js';
export * from './types/model.js';
export * from './types/catalog.js';
export * from './types/decision.js';
