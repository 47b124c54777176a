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
  const starts: number[] = [];
  for (let start = 0; start >= 0 && start < text.length; start = text.indexOf('\n', start) + 1 || -1) {
    switch (text[start]) {
      case '\n': case '\r': case '#': break;
      case '-':
        if (!/\s/.test(text[start + 1] ?? '')) return null;
        starts.push(start);
        break;
      case ' ': if (starts.length > 0) break; return null;
      default: return null;
    }
  }
  return starts.length === 0 || starts.length > itemsAtMost ? null : starts;
}

/**
 * The values of the items; `null` where one cannot be read by itself, so that the file must be read as a whole: what is
 * wrong is said of the whole, and a name that is given to a part (&name) is known in all that follows.
 */
export async function readItems(text: string, starts: readonly number[], pause: Pause): Promise<readonly unknown[] | null> {
  const values: unknown[] = [];
  for (const [place, start] of starts.entries()) {
    const item = readItem(text.slice(start, starts[place + 1]));
    if (item === null) return null;
    values.push(item.value);
    await pause();
  }
  return values;
}

function readItem(text: string): { readonly value: unknown } | null {
  const read = readQuickly(text);
  if (read !== null) return read;
  const document = readYamlDocument(text, () => 1);
  if (!document.ok || document.hasAnchors || !Array.isArray(document.value) || document.value.length !== 1) return null;
  return { value: (document.value as unknown[])[0] };
}
