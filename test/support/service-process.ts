import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { ended, type RunnableSources } from './run-typescript.js';

export interface JsonAnswer { readonly status: number; readonly body: any; readonly headers: Headers }

/** The service in a process of its own, as a user starts it. */
export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Rejects where no answer comes. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<JsonAnswer>;
  /** Process ids of the workers, where it has several. */
  workers(): number[];
  /** SIGTERM; resolves its exit code. */
  stop(): Promise<number | NodeJS.Signals>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

const patienceMs = 8_000;

/** Resolves when it listens; rejects with what it said where it ends before. */
export async function startServiceProcess(sources: RunnableSources, environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const child = sources.fork('src/main.ts', [], { env: { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent', ...environment } });
  const url = await listening(child);
  return {
    child, url,
    call: async (method, path, body, headers = {}) => {
      // Without keep-alive, so that each call may reach another worker; a connection that a process was handed as it died
      // may never be answered.
      const response = await fetch(url + path, {
        method,
        headers: { Connection: 'close', 'Content-Type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patienceMs),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
    workers: () => execFileSync('pgrep', ['-P', String(child.pid), '-f', 'worker'], { encoding: 'utf8' }).trim().split('\n').map(Number),
    stop: () => {
      child.kill('SIGTERM');
      return ended(child);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}

/** The address that it says it listens on. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const url = /listens on (http:\S+)/.exec(said)?.[1];
        if (url !== undefined) resolve(url);
      });
    }
    void ended(child).then(() => reject(new Error(`The service ended: ${said}`)));
  });
}
