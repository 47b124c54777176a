#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkCatalog, openEngine, openStore, openStoreForMove, start } from '../app.js';
import { runCommandLine } from './command-line.js';
import type { Output, Surroundings } from './surroundings.js';
import { untilStopped } from '../until-stopped.js';

function toOutput(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads along has gone, as `head` does: there is nobody left to tell anything.
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  return {
    write: (text) => new Promise((resolve) => {
      if (stream.write(text)) resolve();
      else stream.once('drain', resolve);
    }),
    isTerminal: stream.isTTY,
    // A terminal that does not know its width says 0.
    get columns() { return stream.isTTY && stream.columns > 0 ? stream.columns : undefined; },
  };
}

const surroundings: Surroundings = {
  environment: process.env,
  output: toOutput(process.stdout),
  errors: toOutput(process.stderr),
  input: process.stdin,
  now: () => Date.now(),
  randomBytes,
  version: (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version,
  sampleCatalogFolder: fileURLToPath(new URL('../..', import.meta.url)),
  untilStopped,
  openEngine, openStore, openStoreForMove, checkCatalog, startService: start,
};

process.exitCode = await runCommandLine(process.argv.slice(2), surroundings);
