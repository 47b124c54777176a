/**
 * Whether a customer is of the control group, who get fallbacks only: the same answer for the same id and salt,
 * always and on every node. The hash is 32-bit FNV-1a over UTF-16 code units (Fowler, Noll, Vo) with the finalizer
 * of MurmurHash3 (Appleby), which spreads ids that differ in their last digit over the whole range.
 */
export function inControlGroup(customerId: string, control: { readonly share: number; readonly salt: string }): boolean {
  return control.share > 0 && hash(`${control.salt}/${customerId}`) / 2 ** 32 < control.share;
}

/** A trigger's own control group: another share of customers for each trigger. */
export function isHeldOut(customerId: string, trigger: { readonly id: string; readonly control: number }, salt: string): boolean {
  return trigger.control > 0 && inControlGroup(customerId, { share: trigger.control, salt: `${salt}/${trigger.id}` });
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h = Math.imul(h ^ (unit & 0xff), 0x01000193);
    h = Math.imul(h ^ (unit >>> 8), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
