import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { problems, systemMessage } from '../failure.js';
import type { Surroundings } from '../surroundings.js';

/** What a command reads: a file, or standard input. */
export interface Source {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** `null`: not known. */
  readonly totalBytes: number | null;
  bytesRead(): number;
}

/** "-" is standard input. Rejects with a CommandFailure where the file cannot be read. */
export async function openSource({ input }: Surroundings, file: string): Promise<Source> {
  if (file === '-') return counting('standard input', input, null);
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw problems(`${file} is a folder, where a file was expected`);
    return counting(file, createReadStream(file), found.isFile() ? found.size : null);
  } catch (error) {
    throw problems(systemMessage(error));
  }
}

function counting(name: string, chunks: AsyncIterable<Uint8Array>, totalBytes: number | null): Source {
  let read = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  };
  return { name, chunks: counted(), totalBytes, bytesRead: () => read };
}
