import { StoreError } from '../customers/customer-store.js';
import { messageOf, ServiceError } from '../errors.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { plainText } from './printing/plain-text.js';

/** A command cannot go on. Each line is for the person who called it. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  constructor(readonly exitCode: ExitCode, readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

export const wrongUse = (...lines: readonly string[]): CommandFailure => new CommandFailure(exitCodes.wrongUse, lines);
export const problems = (...lines: readonly string[]): CommandFailure => new CommandFailure(exitCodes.problems, lines);

/** Any error as lines in plain words, and the exit code that goes with it. */
export function describeFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof ServiceError) {
    const isWrongUse = error.code === 'INVALID_REQUEST' || error.code === 'UNPROCESSABLE';
    const details = error.errors.map(({ pointer, detail }) => `  ${pointer === '' ? '' : `${pointer.slice(1)}: `}${detail}`);
    return (isWrongUse ? wrongUse : problems)(...[error.message, ...details].map(plainText));
  }
  if (error instanceof StoreError) return problems(plainText(error.message));
  return problems(plainText(systemMessage(error)));
}

const systemWords: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not do that there',
  EPERM: 'this user may not do that there',
  EISDIR: 'it is a folder, where a file was expected',
  ENOTDIR: 'a folder above it is a file',
  ENOSPC: 'the disk is full',
  EEXIST: 'it is there already',
  EMFILE: 'too many files are open',
};

/** An operating system's error by its code, with the path; anything else by its message. */
export function systemMessage(error: unknown): string {
  const { code, path } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const words = code === undefined ? undefined : systemWords[code];
  return words === undefined ? messageOf(error) : `${path ?? 'A file'}: ${words}`;
}
