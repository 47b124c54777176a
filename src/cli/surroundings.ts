import type { EngineResult, StoreUse } from '../app.js';
import type { ServiceResult } from '../running-service.js';
import type { CatalogResult } from '../catalog/load-catalog.js';
import type { Config, StoreLocation } from '../config.js';
import type { CustomerStore } from '../customers/customer-store.js';

/** Where text goes: standard output or standard error. */
export interface Output {
  /** Resolves when more may be written, so that a long output never piles up in memory. */
  write(text: string): Promise<void>;
  /** True where a person reads along. */
  readonly isTerminal: boolean;
  /** The width of the terminal in characters; `undefined` where it has none. */
  readonly columns: number | undefined;
}

/**
 * All that a command touches outside itself; main.ts hands in the process's own, a test its own. Every method may
 * reject with an error whose message is for people.
 */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly errors: Output;
  readonly input: AsyncIterable<Uint8Array>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Of the package. */
  readonly version: string;
  /** The catalog that comes with the package. */
  readonly sampleCatalogFolder: string;
  /** Resolves by which signal the process is asked to stop. */
  readonly untilStopped: () => Promise<'SIGINT' | 'SIGTERM'>;

  readonly openEngine: (config: Config, use?: StoreUse) => Promise<EngineResult>;
  readonly openStore: (config: Config, use?: StoreUse) => Promise<CustomerStore>;
  readonly openStoreForMove: (location: StoreLocation, end: 'from' | 'to') => Promise<CustomerStore>;
  readonly checkCatalog: (folder: string) => Promise<CatalogResult>;
  readonly startService: (config: Config) => Promise<ServiceResult>;
}

/** Colour only for a person at a terminal that shows it, and only where it is not declined (no-color.org). */
export function showsColour({ output, environment }: Surroundings): boolean {
  return output.isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
