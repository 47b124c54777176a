import type { DecisionRequest } from '../../decision/types.js';

/** What triggers with `outbound` are judged in: no channel, so none of their conditions reads it (catalog/outbound-conditions.ts). */
export const outboundRequest: DecisionRequest = { channel: '', direction: 'outbound', limit: 1, placements: null, context: {}, explain: 'none' };
