import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { oneLine } from './one-line.js';
import { sessionOptions, type Session, type SessionInput, type Tensor } from './session.js';

/** A place to open models that nobody has run before. */
export interface Trial {
  /** As `openSession`; the sessions end with the trial. */
  readonly open: (bytes: Uint8Array) => Promise<Session>;
  readonly close: () => void;
}

type Request =
  | { readonly type: 'open'; readonly bytes: Uint8Array; readonly options: typeof sessionOptions }
  | { readonly type: 'run'; readonly id: number; readonly feeds: Readonly<Record<string, Tensor>>; readonly outputs: readonly string[] };
type Ask = (request: Request) => Promise<unknown>;
type Reply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/**
 * A process for it, from the first model on: the runtime is native code, where a hostile file may crash (a tree that is
 * 20,000 deep) or loop for ever, and neither can be caught or cut from within. `answerMs`: how long it may think about
 * one request.
 */
export function startTrial(answerMs = 30_000): Trial {
  let child: ChildProcess | null = null;
  let ask: Ask | null = null;
  const close = (): void => {
    process.off('exit', close);
    child?.kill('SIGKILL');
  };
  return {
    open: async (bytes) => {
      if (child === null) {
        child = fork(fileURLToPath(new URL('./trial-process.mjs', import.meta.url)), [], {
          serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [], env: inheritedEnvironment(),
        });
        process.once('exit', close);    // a process that loops would outlive us
        ask = askOneByOne(child, answerMs);
      }
      const request = ask!;
      const { id, inputs } = await request({ type: 'open', bytes, options: sessionOptions }) as { id: number; inputs: SessionInput[] };
      return { inputs, run: async (feeds, outputs) => await request({ type: 'run', id, feeds, outputs }) as Record<string, Tensor> };
    },
    close,
  };
}

/** What a process needs to start; the service's keys and secrets are none of its business. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TMPDIR', 'TEMP'].flatMap((name) => process.env[name] === undefined ? [] : [[name, process.env[name]]]));
}

/** One request at a time, each with its reply; after a crash or a timeout every further one fails at once. */
function askOneByOne(child: ChildProcess, answerMs: number): Ask {
  let ended: string | null = null;
  let settle: ((reply: Reply) => void) | null = null;
  const end = (reason: string): void => {
    ended ??= reason;
    settle?.({ ok: false, reason: ended });
  };
  child.on('error', (error) => end(`the model could not be tried: ${oneLine(error)}`));
  child.on('exit', (code, signal) => end(`the runtime crashed (${signal ?? `code ${code ?? 0}`})`));
  child.on('message', (reply) => settle?.(reply as Reply));

  return async (request) => {
    if (ended !== null) throw new Error(ended);
    const reply = await new Promise<Reply>((resolve) => {
      const timer = setTimeout(() => {
        end(`no answer within ${answerMs / 1000} s`);
        child.kill('SIGKILL');
      }, answerMs);
      settle = (answer) => {
        clearTimeout(timer);
        settle = null;
        resolve(answer);
      };
      child.send(request, (error) => { if (error !== null) end(`the model could not be tried: ${oneLine(error)}`); });
    });
    if (!reply.ok) throw new Error(oneLine(reply.reason));
    return reply.value;
  };
}
