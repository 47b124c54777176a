import { createHash } from 'node:crypto';
import { oneLine } from './one-line.js';
import { prepareModel, type PreparedModel } from './prepare-model.js';
import type { Session } from './session.js';

export interface OpenModel { readonly session: Session; readonly prepared: PreparedModel }
export type Opening = { readonly ok: true; readonly opened: OpenModel } | { readonly ok: false; readonly reason: string };

/** Opens a model's file; with `freeRows` for any number of rows (prepare-model.ts). Never rejects. */
export type OpenFile = (bytes: Uint8Array, freeRows: boolean) => Promise<Opening>;

export interface SessionCache {
  open: OpenFile;
  has(bytes: Uint8Array, freeRows: boolean): boolean;
}

/**
 * Sessions by the SHA-256 of their model's bytes, kept from one catalog to the next: making them again and again leaks
 * memory (microsoft/onnxruntime#25325), and most reloads change no model. Beyond `limit` the one unused for longest is
 * let go; it is never released by hand, since a catalog may still hold it, but by the garbage collector when none does.
 */
export function createSessionCache(openSession: (bytes: Uint8Array) => Promise<Session>, limit = 64): SessionCache {
  const cache = new Map<string, Promise<Opening>>();
  const keyOf = (bytes: Uint8Array, freeRows: boolean): string => `${createHash('sha256').update(bytes).digest('hex')} ${freeRows}`;
  return {
    has: (bytes, freeRows) => cache.has(keyOf(bytes, freeRows)),
    open: async (bytes, freeRows) => {
      const key = keyOf(bytes, freeRows);
      const opening = cache.get(key) ?? openFile(openSession)(bytes, freeRows);
      cache.delete(key);
      cache.set(key, opening);
      if (cache.size > limit) cache.delete(cache.keys().next().value!);
      const result = await opening;
      if (!result.ok) cache.delete(key);
      return result;
    },
  };
}

export function openFile(openSession: (bytes: Uint8Array) => Promise<Session>): OpenFile {
  return async (bytes, freeRows) => {
    const preparation = prepareModel(bytes, { freeRows });
    if (!preparation.ok) return preparation;
    try {
      return { ok: true, opened: { session: await openSession(preparation.prepared.bytes), prepared: { ...preparation.prepared, bytes: new Uint8Array(0) } } };
    } catch (error) {
      return { ok: false, reason: `The runtime refuses the model: ${oneLine(error)}` };
    }
  };
}
