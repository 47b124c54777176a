import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectConforms } from './conforms.js';
import { readConfig } from '../../src/config.js';
import { startService } from '../../src/app.js';

export interface HttpAnswer { readonly status: number; readonly body: any; readonly headers: Headers }

/** The whole service on a free port, with a copy of a catalog and a store of its own. Every answer is held against openapi.yaml. */
export interface TestService {
  readonly url: string;
  /** The catalog's folder: its own copy. */
  readonly catalogFolder: string;
  readonly storeFolder: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** Closes it and starts it again on the same catalog and store. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const sampleCatalog = ['schema.yaml', 'strategies', 'offers', 'rules', 'triggers', 'models'];

/** `clock`: what requests take for now. */
export async function runService(environment: Readonly<Record<string, string>> = {}, clock?: () => number): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'nbo-service-'));
  const catalogFolder = join(folder, 'catalog');
  const storeFolder = join(folder, 'store');
  const root = join(import.meta.dirname, '..', '..');
  for (const name of sampleCatalog) await cp(join(root, name), join(catalogFolder, name), { recursive: true });

  const start = async (): Promise<{ url: string; close(): Promise<void> }> => {
    const config = readConfig({ PORT: '0', NBO_CATALOG: catalogFolder, NBO_STORE: storeFolder, LOG_LEVEL: 'silent', ...environment });
    if (!config.ok) throw new Error(config.problems.join('\n'));
    const started = await startService(config.config, { clock });
    if (!started.ok) throw new Error(started.problems.join('\n'));
    return started.service;
  };
  let service = await start();

  return {
    get url() { return service.url; },
    catalogFolder, storeFolder,
    call: async (method, path, body, headers = {}) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const response = await fetch(service.url + path, { method, headers: { ...(body !== undefined && { 'Content-Type': type }), ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) });
      const text = await response.text();
      const contentType = response.headers.get('content-type') ?? undefined;
      expectConforms(method, path, response.status, text, contentType);
      return { status: response.status, headers: response.headers, body: text !== '' && contentType?.includes('json') === true ? JSON.parse(text) : text };
    },
    restart: async () => {
      await service.close();
      service = await start();
    },
    remove: async () => {
      await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
