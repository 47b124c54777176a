import { canPin } from './processes.mjs';

/** Saturation of one server, with the processor's time that a request cost it. `spin: false`: the server needs the
 *  generator's core, too. */
export async function measureSaturation(server, generator, { spin = canPin, ...load }, { loadSeconds }) {
  const before = server.cpuSeconds();
  const { perSecond, requests, generatorCpuSeconds } = await generator.generate({ ...load, url: server.url, mode: 'saturation', connections: load.connections ?? 16, seconds: loadSeconds, warmUpSeconds: loadSeconds / 4, spin });
  const after = server.cpuSeconds();
  const used = after.map((seconds, index) => (seconds === null ? null : seconds - (before[index] ?? 0)));
  const cpuSeconds = used.some((seconds) => seconds === null) ? null : used.reduce((sum, seconds) => sum + seconds, 0);
  return { perSecond, requests, cpuUs: cpuSeconds === null ? null : (cpuSeconds * 1e6) / requests, cpuSeconds: used, generatorCpuSeconds };
}

/** Latency at a rate, each from the time at which it was due. */
export function measureLatency(server, generator, load, { perSecond, rateSeconds }) {
  return generator.generate({ ...load, url: server.url, mode: 'rate', connections: Math.max(2, Math.min(64, Math.round(perSecond / 4))), perSecond, seconds: rateSeconds, warmUpSeconds: rateSeconds / 8, spin: canPin });
}

/** Some thousand requests, until the compiler has seen what matters: a service that was just started is slower by half. */
export async function warmUp(server, generator, load, { scale, loadSeconds }) {
  for (let requests = 0; requests <= 10_000 * scale;) {
    requests += (await measureSaturation(server, generator, load, { loadSeconds: Math.min(2, loadSeconds) })).requests;
  }
}
