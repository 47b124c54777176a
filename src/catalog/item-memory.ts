import { hash } from 'node:crypto';

/**
 * What items of lists were read as, by their text. A catalog that changes is nearly all of it what it was before, and to
 * read YAML is most of a load. Only of the last load: what it did not meet is forgotten with the next.
 */
export interface ItemMemory {
  /** A value of its own each time; `null`: not known. */
  valueOf(text: string): { readonly value: unknown } | null;
  keep(text: string, value: unknown): void;
  /** Another load begins. */
  beginLoad(): void;
}

export function createItemMemory(): ItemMemory {
  // As JSON, not as values: a third of their room, and nobody can change what others are given.
  let before = new Map<string, string>();
  let now = new Map<string, string>();
  return {
    valueOf: (text) => {
      const name = nameOf(text);
      const json = now.get(name) ?? before.get(name);
      if (json === undefined) return null;
      now.set(name, json);
      return { value: JSON.parse(json) as unknown };
    },
    keep: (text, value) => {
      if (isJson(value)) now.set(nameOf(text), JSON.stringify(value));
    },
    beginLoad: () => {
      before = now;
      now = new Map();
    },
  };
}

const nameOf = (text: string): string => hash('sha256', text, 'base64url');

/** JSON says it all: it has no infinite numbers, and no negative zero. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value !== 'object' || value === null || Object.values(value).every(isJson);
}
