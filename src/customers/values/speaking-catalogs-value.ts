import type { SpeakingCatalog } from '../speaking-catalogs.js';
import { UnreadableValue } from './bytes.js';

/** Few, and written some times a minute: JSON behind the byte of the format. */
const format = 1;

export function encodeCatalogs(catalogs: readonly SpeakingCatalog[]): Buffer {
  return Buffer.concat([Buffer.of(format), Buffer.from(JSON.stringify(catalogs.map(({ revision, turn, seenAt }) => [revision, turn, seenAt])))]);
}

/** Throws `UnreadableValue`. */
export function decodeCatalogs(bytes: Uint8Array): readonly SpeakingCatalog[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer[0] !== format) throw new UnreadableValue(`catalogs of an unknown format ${String(buffer[0])}`);
  return (JSON.parse(buffer.toString('utf8', 1)) as [string, number, number][]).map(([revision, turn, seenAt]) => ({ revision, turn, seenAt }));
}
