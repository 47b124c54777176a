import { decodeSecret, encodeSecret } from '../values/secret.js';
import type { Tables } from './environment.js';
import { counterKey as nameKey } from './keys.js';

export function getSecret(tables: Tables, name: string): string | undefined {
  const bytes = tables.secrets.getBinaryFast(nameKey(name));
  return bytes === undefined ? undefined : decodeSecret(bytes);
}

export function putSecret(tables: Tables, name: string, secret: string): string {
  void tables.secrets.put(nameKey(name), encodeSecret(secret));
  return secret;
}

export function removeSecret(tables: Tables, name: string): void {
  void tables.secrets.remove(nameKey(name));
}
