import type { Offer, SlotLayout, Slots } from './types.js';

/** Puts one offer's attributes into the slots in place of the last one's; `null`: no offer, so all of them unknown. */
export function fillOffer(slots: Slots, layout: SlotLayout, offer: Offer | null): void {
  const { offer: entered } = layout.always;
  if (slots[entered] === offer) return;
  slots[entered] = offer;
  const bindings = layout.offer;
  for (let index = 0; index < bindings.length; index += 1) {
    slots[bindings[index]!.slot] = offer === null ? undefined : offer.slotValues[index];
  }
}
