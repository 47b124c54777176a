import type { RunnableSources } from '../support/run-typescript.js';
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js';
import type { Answer, Endpoint } from './workload.js';

export interface ServiceNodes extends Endpoint {
  /** SIGKILL, and started again. */
  killAndStart(node: number): Promise<void>;
  /** SIGKILL of one of the node's workers; the node starts another by itself. */
  killWorker(node: number): void;
  stop(): Promise<void>;
}

const pauseMs = 20;

/** The service in processes of its own, asked in turn, as behind a load balancer. */
export async function startServiceNodes(sources: RunnableSources, environments: readonly Readonly<Record<string, string>>[]): Promise<ServiceNodes> {
  const nodes: (ServiceProcess | null)[] = await Promise.all(environments.map((environment) => startServiceProcess(sources, environment)));
  // By numbers of their own; one whose worker was killed goes on under another, since no answer says which worker gave it.
  let named = nodes.length;
  const numbers = nodes.map((_, number) => number);
  const killed = new Set<number>();
  const isKilled = (node: number): void => {
    killed.add(numbers[node]!);
    numbers[node] = named++;
  };
  const serving = (): ServiceProcess[] => nodes.filter((node) => node !== null);
  // One after the other, so that somebody serves.
  let restarting = Promise.resolve();
  const killAndStart = async (node: number): Promise<void> => {
    const killing = nodes[node]!.kill();
    nodes[node] = null;
    isKilled(node);
    await killing;
    nodes[node] = await startServiceProcess(sources, environments[node]!);
  };
  let turn = 0;
  const ask = (node: ServiceProcess, method: string, path: string, body?: object): Promise<Answer | null> => {
    const asked = numbers[nodes.indexOf(node)]!;
    return node.call(method, path, body, { 'X-Request-Timeout-Ms': '2000' }).then((answer) => ({ ...answer, process: asked }), () => null);
  };
  return {
    call: (method, path, body) => {
      const there = serving();
      return ask(there[turn++ % there.length]!, method, path, body);
    },
    callEach: (method, path) => Promise.all(serving().map((node) => ask(node, method, path))),
    pause: () => new Promise((resolve) => setTimeout(resolve, pauseMs)),
    killAndStart: (node) => restarting = restarting.then(() => killAndStart(node)),
    killWorker: (node) => {
      isKilled(node);
      process.kill(nodes[node]!.workers()[0]!, 'SIGKILL');
    },
    killed,
    stop: async () => {
      await Promise.all(serving().map((node) => node.stop()));
    },
  };
}
