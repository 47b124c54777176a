import type { Expression, Offer, Root, SlotLayout, Slots } from '../../src/decision/types.js';
import type { ColumnExpression, ColumnValueType } from '../../src/models/model-loader.js';

/** An expression made by hand: reads one slot, and counts how often it was evaluated. */
export interface SlotExpression extends Expression { readonly evaluations: { count: number } }

export function slotExpression(slot: number, source: string, root: Root | readonly Root[] = 'customer', mayBeUnknown = true): SlotExpression {
  const evaluations = { count: 0 };
  return {
    source, mayBeUnknown, evaluations,
    reads: new Set(typeof root === 'string' ? [root] : root),
    slots: new Set([slot]),
    evaluate: (slots: Slots) => {
      evaluations.count += 1;
      return slots[slot];
    },
    missing: (slots: Slots) => slots[slot] === undefined ? [source] : [],
  };
}

export function column(slot: number, type: ColumnValueType, source = `customer.c${slot}`, root: Root | readonly Root[] = 'customer', mayBeUnknown = true): ColumnExpression & { expression: SlotExpression } {
  return { expression: slotExpression(slot, source, root, mayBeUnknown), type };
}

const always = { calendar: 0, channel: 0, direction: 0, triggers: 0, now: 0, propensity: 0, value: 0, storeUnread: 0, event: 0, events: 0, offer: 1000 };

/** A layout whose only bindings are the offer's, at the given slots. */
export function layoutOf(size: number, offerSlots: readonly number[] = []): SlotLayout {
  return { size, always, customer: [], context: [], offer: offerSlots.map((slot) => ({ slot, path: [`o${slot}`], read: (value) => value })) };
}

export function offerOf(id: string, slotValues: readonly unknown[] = []): Offer {
  const one = { type: 'number', number: 1 } as const;
  return {
    id, name: id, row: 0, kind: 'cross-sell', attributes: {}, value: { volume: one, margin: one, duration: one }, propensity: { model: null, prior: 0.1 },
    asks: [], sources: { propensity: 'prior', volume: 'number', margin: 'number', duration: 'number' }, lever: null, limits: [], treatments: [], rules: [], slotValues, triggers: { naming: [], ofKind: [], unlocking: [] },
  };
}
