import type { ItemMemory } from './item-memory.js';
import type { Pause } from './pauses.js';
import { readQuickly } from './quick-yaml.js';
import { readYamlDocument } from './yaml-document.js';

/** More are refused anyway; and to begin anew with each costs more than to read a list of trifles as a whole. */
const itemsAtMost = 10_000;

/**
 * Where the items of a list begin, each with its dash; `null` where the text is not plainly a list whose dashes stand at
 * the beginning of their lines. Nothing that lies in an item may begin there, so each can be read by itself.
 */
export function itemStarts(text: string): readonly number[] | null {
  const { starts, isPlain } = startsIn(text);
  return isPlain ? starts : null;
}

/** The same of a list in which something stands at the beginning of a line that may not: to find out what is wrong. */
export function brokenItemStarts(text: string): readonly number[] | null {
  return documentMark.test(text) ? null : startsIn(text).starts;
}

const documentMark = /^(?:---|\.\.\.|%)/m;

function startsIn(text: string): { readonly starts: readonly number[] | null; readonly isPlain: boolean } {
  const starts: number[] = [];
  let isPlain = true;
  for (let start = 0; start >= 0 && start < text.length; start = text.indexOf('\n', start) + 1 || -1) {
    const first = text[start]!;
    if (first === '\n' || first === '\r' || first === '#') continue;
    if (first === '-' && /\s/.test(text[start + 1] ?? '')) starts.push(start);
    else if (starts.length === 0) return { starts: null, isPlain: false };
    else if (first !== ' ') isPlain = false;
  }
  return starts.length === 0 || starts.length > itemsAtMost ? { starts: null, isPlain: false } : { starts, isPlain };
}

/** `unread`: the first item that cannot be read by itself. It is wrong, or a part of it has a name (&name), which is known
 *  in all that follows. */
export type ReadItems = { readonly ok: true; readonly values: readonly unknown[] } | { readonly ok: false; readonly unread: number };

/** The values of the items; those that were read before, from memory. */
export async function readItems(text: string, starts: readonly number[], pause: Pause, memory?: ItemMemory): Promise<ReadItems> {
  const values: unknown[] = [];
  for (const [place, start] of starts.entries()) {
    const own = text.slice(start, starts[place + 1]);
    const known = memory?.valueOf(own) ?? null;
    const item = known ?? readItem(own);
    if (item === null) return { ok: false, unread: place };
    if (known === null) memory?.keep(own, item.value);
    values.push(item.value);
    await pause();
  }
  return { ok: true, values };
}

function readItem(text: string): { readonly value: unknown } | null {
  const read = readQuickly(text);
  if (read !== null) return read;
  const document = readYamlDocument(text, () => 1);
  if (!document.ok || document.hasAnchors || !Array.isArray(document.value) || document.value.length !== 1) return null;
  return { value: (document.value as unknown[])[0] };
}
