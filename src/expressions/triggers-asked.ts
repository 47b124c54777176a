import { fixedSlots } from './slots.js';
import { partsOf, type Term } from './term.js';

/** Notes the triggers that a term asks for by name: `"storm" in triggers`. False where it reads their list in another way,
 *  and so may ask for any. */
export function noteTriggersAsked(term: Term, into: Set<string>): boolean {
  if (isTriggers(term)) return false;
  const asked = triggerAsked(term);
  if (asked === null) return partsOf(term).every((part) => noteTriggersAsked(part, into));
  into.add(asked);
  return true;
}

function triggerAsked(term: Term): string | null {
  if (term.op !== 'call' || term.name !== 'in') return null;
  const [item, list] = term.args;
  return item?.op === 'constant' && typeof item.value === 'string' && list !== undefined && isTriggers(list) ? item.value : null;
}

function isTriggers(term: Term): boolean {
  return term.op === 'slot' && term.slot === fixedSlots.triggers;
}
