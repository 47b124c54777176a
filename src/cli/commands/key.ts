import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { makeKey, parseApiKeys } from '../../http/api-keys.js';
import type { Scope } from '../../service/service.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { problems, systemMessage } from '../failure.js';
import type { Surroundings } from '../surroundings.js';

export interface KeyOptions { readonly name: string; readonly scopes: readonly Scope[]; readonly file: string | null }

/** Makes an API key. The secret is shown once, and kept nowhere; the file gets its hash. */
export async function createKey(surroundings: Surroundings, { name, scopes, file }: KeyOptions): Promise<ExitCode> {
  const { secret, entry } = makeKey(name, scopes, surroundings.randomBytes(32));
  const yaml = `- { name: ${JSON.stringify(entry.name)}, sha256: "${entry.sha256}", scopes: [${entry.scopes.join(', ')}] }\n`;
  if (file !== null) await addEntry(file, yaml);
  const where = file === null ? `Add this entry to the file that NBO_KEYS names:\n${yaml}` : `Its entry is in ${file}. Start the service with NBO_KEYS=${file}; one that runs must be started again.\n`;
  await surroundings.errors.write(`${where}This is the key. It is shown only now; send it as "Authorization: Bearer …":\n`);
  await surroundings.output.write(`${secret}\n`);
  return exitCodes.ok;
}

/** The whole file is written beside the old one and takes its place in one step, readable by its owner only. */
async function addEntry(file: string, yaml: string): Promise<void> {
  const before = await readIfThere(file);
  const text = before.trim() === '' ? yaml : `${before.trimEnd()}\n${yaml}`;
  const parsed = parseApiKeys(text, file);
  if (parsed.keys === null) throw problems(`${file} stays as it is, since it would not be a good key file:`, ...parsed.problems);
  const beside = `${file}.${process.pid}.new`;
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(beside, 0o600);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw problems(systemMessage(error));
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw problems(systemMessage(error));
  }
}
