// The load generator's process: told by its parent what to send to whom, at saturation or at a rate.
import { closedLoop } from './closed-loop.mjs';
import { constantRate } from './constant-rate.mjs';
import { getBytes, openConnection, postBytes } from './connection.mjs';

/** `bodies`: POST requests, sent in turn; without them GET. `expect`: bytes that every good answer holds. */
async function generate({ url, path, bodies, expect, connections, mode, ...settings }) {
  const { hostname: host, port } = new URL(url);
  const requests = bodies === undefined ? [getBytes(host, port, path)] : bodies.map((body) => postBytes(host, port, path, body));
  const expected = Buffer.from(expect);
  let turn = 0;
  const load = {
    connections: await Promise.all(Array.from({ length: connections }, () => openConnection(host, port))),
    next: () => requests[turn++ % requests.length],
    accept: (status, answer) => {
      if (status !== 200 || !answer.includes(expected)) throw new Error(`A wrong answer under load, ${status}: ${answer.toString().slice(0, 2_000)}`);
    },
  };
  const cpu = process.cpuUsage();
  const found = await (mode === 'saturation' ? closedLoop : constantRate)(load, settings);
  const { user, system } = process.cpuUsage(cpu);
  for (const connection of load.connections) connection.close();
  return { ...found, generatorCpuSeconds: (user + system) / 1e6 };
}

process.on('message', async (order) => process.send(await generate(order)));
process.on('disconnect', () => process.exit(0));
