import { createReader, createWriter, expectEnd, expectFormat, readText, writeByte, writeText, written } from './bytes.js';
import type { Tables } from './environment.js';
import { counterKey as nameKey } from './keys.js';

const format = 1;

export function getSecret(tables: Tables, name: string): string | undefined {
  const bytes = tables.secrets.getBinaryFast(nameKey(name));
  if (bytes === undefined) return undefined;
  const reader = createReader(bytes);
  expectFormat(reader, format);
  const secret = readText(reader);
  expectEnd(reader);
  return secret;
}

export function putSecret(tables: Tables, name: string, secret: string): string {
  const writer = createWriter(128);
  writeByte(writer, format);
  writeText(writer, secret);
  void tables.secrets.put(nameKey(name), written(writer));
  return secret;
}
