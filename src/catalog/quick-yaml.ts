import { constructFromEvents, EVENT_ID, parseEvents, SCALAR_STYLE, type Event } from 'js-yaml';

/**
 * The one item of a list, by a library that reads some twenty times as fast as the one that knows where things stand and
 * what is wrong in words. It judges nothing: at whatever is doubtful or wrong it gives up, and the other reads the text.
 * What it does read has the other's value (a property test).
 */
export function readQuickly(text: string): { readonly value: unknown } | null {
  if (unusual.test(text) || tooLarge.test(text)) return null;
  try {
    const events = parseEvents(text, { maxDepth: deepestNesting });
    if (!isPlain(events, text)) return null;
    const [list, ...others] = constructFromEvents(events, { source: text, maxAliases: 0 });
    return others.length === 0 && Array.isArray(list) && list.length === 1 ? { value: list[0] as unknown } : null;
  } catch {
    // Whatever it found wrong, the other says better.
    return null;
  }
}

const deepestNesting = 30;
/** Control characters other than line feeds, and what is blank or a line's end to some and not to others. */
const unusual = /[^\n\P{Cc}]|[\u0085\u00A0\u2028\u2029\uFEFF]/u;

/** What may be a number beyond all: a text to one, infinite to the other. */
const tooLarge = /\d\.?e\+?\d{3}|\d{300}/i;

/** What may come next in a collection that is open. */
type Next = 'item' | 'key' | 'value';

/** No anchors, repetitions, tags or directives, no value left out, and every key a name. */
function isPlain(events: readonly Event[], text: string): boolean {
  const open: Next[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      open.pop();
    } else if (event.type === EVENT_ID.DOCUMENT) {
      if (event.directives.length > 0 || event.explicitStart || event.explicitEnd) return false;
      open.push('item');
    } else {
      if (event.type === EVENT_ID.ALIAS || event.anchorStart >= 0 || event.tagStart >= 0) return false;
      const place = open.at(-1);
      if (place === 'key' ? !isName(event, text) : isLeftOut(event)) return false;
      if (place === 'item' && event.type === EVENT_ID.SCALAR && dashWithin.test(text.slice(event.valueStart, event.valueEnd))) return false;
      if (place !== 'item') open[open.length - 1] = place === 'key' ? 'value' : 'key';
      if (event.type === EVENT_ID.SEQUENCE) open.push('item');
      if (event.type === EVENT_ID.MAPPING) open.push('key');
    }
  }
  return true;
}

/** A text that goes on in a line that begins with a dash: an item that is indented too far, most likely. */
const dashWithin = /\n *-\s/;

function isName(event: Event, text: string): boolean {
  if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return false;
  const name = text.slice(event.valueStart, event.valueEnd);
  return names.test(name) && !otherThanText.test(name);
}

const names = /^[A-Za-z_][\w-]{0,63}$/;
const otherThanText = /^(?:null|true|false|__proto__)$/i;

const isLeftOut = (event: Event): boolean => event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.valueStart >= event.valueEnd;
