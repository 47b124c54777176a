import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { StoreLocation } from '../../config.js';
import { describePlace, parseRedisAddress, type RedisAddress } from '../../customers/redis-address.js';

/** For messages: without user, password and options, but for what tells stores of one server apart. */
export function describeStore(location: StoreLocation): string {
  return location.type === 'lmdb' ? location.folder : describePlace(addressOf(location.url));
}

/** Whether the names say so; two names of one server may still lead to one store. */
export async function isSameStore(one: StoreLocation, other: StoreLocation): Promise<boolean> {
  if (one.type === 'lmdb') return other.type === 'lmdb' && await pathOf(one.folder) === await pathOf(other.folder);
  if (other.type === 'lmdb') return false;
  const [first, second] = [addressOf(one.url), addressOf(other.url)];
  const hosts = new Set(first.nodes.map(nodeName));
  return first.database === second.database && first.prefix === second.prefix && first.masterName === second.masterName && second.nodes.some((node) => hosts.has(nodeName(node)));
}

function addressOf(url: string): RedisAddress {
  const parsed = parseRedisAddress(url);
  if (!parsed.ok) throw new Error(`The store's address ${parsed.problem}.`);
  return parsed.address;
}

function nodeName({ host, port }: RedisAddress['nodes'][number]): string {
  return `${host.toLowerCase()}:${port}`;
}

async function pathOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return resolve(folder);       // it is not there yet
  }
}
