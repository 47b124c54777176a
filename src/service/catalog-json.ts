import { setImmediate } from 'node:timers/promises';
import type { CatalogParts } from './catalog-description.js';

/** It holds the process for so long at a time. */
const turnMs = 2;

/** The JSON of the whole, in UTF-8: of 10,000 offers some 3 MB, which took 27 ms in one piece. Others have their turn in between. */
export async function catalogJson({ about, lists }: CatalogParts, monotonicMs: () => number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let text = JSON.stringify(about).slice(0, -1);
  let turnEndsMs = monotonicMs() + turnMs;
  for (const [name, entries] of Object.entries(lists)) {
    let before = `,"${name}":[`;
    for (const entry of entries) {
      text += before + JSON.stringify(entry);
      before = ',';
      if (monotonicMs() < turnEndsMs) continue;
      pieces.push(Buffer.from(text));
      text = '';
      await setImmediate();
      turnEndsMs = monotonicMs() + turnMs;
    }
    text += before === ',' ? ']' : `${before}]`;
  }
  return Buffer.concat([...pieces, Buffer.from(`${text}}`)]);
}
