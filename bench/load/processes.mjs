import { execFileSync, fork } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchFolder } from '../frame/product.mjs';

/** Whether processes are put on cores of their own: on Linux with taskset, and two cores at least. Not in a miniature:
 *  in the tests other work may have either core. */
export const canPin = (() => {
  if (process.env.NBO_BENCH_PIN === 'no') return false;
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return cpus().length > 1;
  } catch {
    return false;
  }
})();
export const serverCore = '0';
export const generatorCore = String(cpus().length - 1);

/** A Node process on the core given (`null`: on any). */
function forkOn(core, file, argv, { nodeArguments = [], ...options }) {
  const child = core === null || !canPin
    ? fork(file, argv, { ...options, execArgv: nodeArguments })
    : fork(file, argv, { ...options, execPath: 'taskset', execArgv: ['-c', core, process.execPath, ...nodeArguments] });
  process.once('exit', () => child.kill('SIGKILL'));      // where a part fails, nothing of it goes on
  return child;
}

/** Starts a server that says on standard output where it listens. */
export async function startServer({ file, argv = [], environment = {}, core = serverCore, nodeArguments = [] }) {
  const child = forkOn(core, file, argv, { nodeArguments, env: { ...process.env, LOG_LEVEL: 'error', PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      const found = /http:\/\/\S+/.exec(String(chunk));
      if (found !== null) resolve(found[0]);
    });
    void ended.then((code) => reject(new Error(`${file} ended with ${code} before it listened`)));
  });
  return {
    url,
    pid: child.pid,
    /** Processor time that it and its workers took so far; `null` where the system does not say. */
    cpuSeconds: () => [child.pid, ...childrenOf(child.pid)].map(cpuSecondsOf),
    /** How long its main thread was on a core so far, and how long it was ready to run and had none; `null` where the system does not say. */
    mainThread: () => scheduledOf(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export function startGenerator(core = generatorCore) {
  const child = forkOn(core, join(benchFolder, 'load/generator.mjs'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise((_, reject) => child.once('exit', () => reject(new Error('The load generator ended'))));
  ended.catch(() => undefined);
  return {
    generate: (order) => {
      const answered = new Promise((resolve) => { child.once('message', resolve); });
      child.send(order);
      return Promise.race([answered, ended]);
    },
    stop: () => { if (child.connected) child.disconnect(); },
  };
}

const ticksPerSecond = 100;       // USER_HZ, which Linux holds at 100 for what it shows to users

function cpuSecondsOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return null;
  }
}

function scheduledOf(pid) {
  try {
    const [onCoreNs, waitedNs] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ').map(Number);
    return { onCoreMs: onCoreNs / 1e6, withoutCoreMs: waitedNs / 1e6 };
  } catch {
    return null;
  }
}

function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}
