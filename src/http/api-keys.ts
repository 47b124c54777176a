import { hash, timingSafeEqual } from 'node:crypto';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { scopes, type Scope } from '../service/service.js';
import { didYouMean } from '../suggestion.js';

/** A key that may call. Only the hash of its secret is kept, so the file that lists the keys opens nothing. */
export interface ApiKey {
  readonly name: string;
  /** Of the secret, 32 bytes. */
  readonly sha256: Buffer;
  readonly scopes: ReadonlySet<Scope>;
}

/** Either the keys, or every problem of the file as "file:line:column message". */
export type ParsedKeys = { readonly keys: readonly ApiKey[]; readonly problems: readonly [] } | { readonly keys: null; readonly problems: readonly string[] };

/** Reads a key file: a list of { name, sha256, scopes } as YAML or JSON. `file` is its name in messages. */
export function parseApiKeys(text: string, file: string): ParsedKeys {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: string[] = [];
  const report = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push(`${file}:${Math.max(line, 1)}:${Math.max(col, 1)} ${message}`);
  };
  for (const error of document.errors) report(error.pos[0], error.message.split('\n')[0]!.replace(/ at line .*$/, ''));
  if (problems.length > 0) return { keys: null, problems };

  const root: Node | null = document.contents;
  if (!isSeq<Node>(root) || root.items.length === 0) {
    report(root?.range?.[0] ?? 0, 'a list of keys was expected, each with name, sha256 and scopes; make one with "nbo key"');
    return { keys: null, problems };
  }
  const keys: ApiKey[] = [];
  for (const item of root.items) {
    const at = item.range?.[0] ?? 0;
    if (!isMap(item)) report(at, 'a key was expected, with name, sha256 and scopes');
    else keys.push(readKey(item, at, report));
  }
  if (problems.length === 0) reportRepeated(keys, root.items, report);
  return problems.length > 0 ? { keys: null, problems } : { keys, problems: [] };
}

type Report = (offset: number, message: string) => void;

function readKey(entry: YAMLMap, at: number, report: Report): ApiKey {
  const known = ['name', 'sha256', 'scopes'];
  for (const { key } of entry.items) {
    const text = isScalar(key) ? String(key.value) : '';
    if (!known.includes(text)) report((key as Node).range?.[0] ?? at, `"${text}" is not a member of a key: it has name, sha256 and scopes`);
  }
  const name: unknown = entry.get('name');
  if (typeof name !== 'string' || name.trim() === '' || name.length > 100) report(offsetOf(entry, 'name', at), 'name: a text of 1 to 100 characters was expected');
  const hash: unknown = entry.get('sha256');
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/i.test(hash)) report(offsetOf(entry, 'sha256', at), 'sha256: 64 hexadecimal digits in quotes were expected, the SHA-256 of the secret');
  return { name: String(name), sha256: Buffer.from(String(hash), 'hex'), scopes: readScopes(entry.get('scopes', true), at, report) };
}

function readScopes(node: Node | undefined, at: number, report: Report): ReadonlySet<Scope> {
  const found = new Set<Scope>();
  if (!isSeq<Node>(node) || node.items.length === 0) {
    report(node?.range?.[0] ?? at, `scopes: a list was expected, of ${scopes.join(', ')}`);
    return found;
  }
  for (const item of node.items) {
    const text = isScalar(item) ? String(item.value) : '';
    if ((scopes as readonly string[]).includes(text)) found.add(text as Scope);
    else report(item.range?.[0] ?? at, `"${text}" is not a scope${didYouMean(text, scopes, (scope) => `"${scope}"`) || `: there are ${scopes.join(', ')}`}`);
  }
  return found;
}

function reportRepeated(keys: readonly ApiKey[], items: readonly Node[], report: Report): void {
  const seen = new Set<string>();
  keys.forEach((key, index) => {
    for (const mark of [`name "${key.name}"`, `sha256 ${key.sha256.toString('hex')}`]) {
      if (seen.has(mark)) report(items[index]?.range?.[0] ?? 0, `the ${mark} is there twice`);
      seen.add(mark);
    }
  });
}

function offsetOf(entry: YAMLMap, name: string, otherwise: number): number {
  return (entry.get(name, true) as Node | undefined)?.range?.[0] ?? otherwise;
}

/** The key of a secret, or `null`. Looks at every key, in the same time for each, so that time tells nothing. */
export function findKey(keys: readonly ApiKey[], secret: string): ApiKey | null {
  const given = sha256(secret);
  let found: ApiKey | null = null;
  for (const key of keys) if (timingSafeEqual(key.sha256, given)) found = key;
  return found;
}

/** A new key: the secret, to be shown once and kept by the caller, and the entry for the key file.
 *  `random` is 32 random bytes. */
export function makeKey(name: string, keyScopes: readonly Scope[], random: Uint8Array): { secret: string; entry: { name: string; sha256: string; scopes: readonly Scope[] } } {
  if (random.length < 32) throw new RangeError('A key needs 32 random bytes.');
  const secret = `nbo_${Buffer.from(random).toString('base64url')}`;
  return { secret, entry: { name, sha256: sha256(secret).toString('hex'), scopes: keyScopes } };
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
