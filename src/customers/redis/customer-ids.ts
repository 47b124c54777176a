import type { RedisConnection } from './connection.js';
import { bucketTags, idsKey } from './keys.js';

const pageSize = 64;

/**
 * `CustomerStore.ids`: the buckets' lists, each in the order of bytes, merged. A round asks all of them for their next few
 * and gives out what lies before the first end of a page: of 256 × 64 ids some two thirds, with one round trip.
 */
export async function* customerIds(pagesAfter: (from: Buffer | null) => Promise<readonly Buffer[][]>, after: string | undefined): AsyncGenerator<string> {
  let from: Buffer | null = after === undefined ? null : Buffer.from(after);
  for (;;) {
    const pages = await pagesAfter(from);
    const ends = pages.filter((page) => page.length === pageSize).map((page) => page.at(-1)!).sort((one, other) => Buffer.compare(one, other));
    const [end] = ends;
    const ids = pages.flat().filter((id) => end === undefined || Buffer.compare(id, end) <= 0).sort((one, other) => Buffer.compare(one, other));
    for (const id of ids) yield id.toString();
    if (end === undefined) return;
    from = end;
  }
}

/** One page of each bucket. */
export function pagesOfIds(connection: RedisConnection, prefix: string, from: Buffer | null): Promise<readonly Buffer[][]> {
  const start = from === null ? '-' : Buffer.concat([Buffer.from('('), from]);
  return Promise.all(bucketTags.map((tag) => connection.command('zrangebylex', idsKey(prefix, tag), start, '+', 'LIMIT', 0, pageSize) as Promise<Buffer[]>));
}
