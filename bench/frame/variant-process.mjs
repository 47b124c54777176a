import { fork } from 'node:child_process';
import { join } from 'node:path';
import { benchFolder } from './product.mjs';
import { inRounds } from './rounds.mjs';

/**
 * A variant in a fresh process of its own, so that none profits or suffers from what another has taught the compiler.
 * `file` (below bench/) exports `open(options)`, which gives an object of functions; `ask` calls one of them there.
 */
export async function openVariant(name, file, options = {}, { nodeArguments = [] } = {}) {
  const child = fork(join(benchFolder, 'frame/variant-host.mjs'), [join(benchFolder, file)], { execArgv: nodeArguments, serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise((_, reject) => child.once('exit', (code, signal) => reject(new Error(`${name}: its process ended with ${code ?? signal}`))));
  ended.catch(() => undefined);
  const ask = async (method, argument) => {
    const answered = new Promise((resolve) => child.once('message', resolve));
    child.send({ method, argument });
    const { error, result } = await Promise.race([answered, ended]);
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return result;
  };
  const close = async () => {
    const gone = ended.catch(() => undefined);
    child.send({ method: 'close' });
    await gone;
  };
  await ask('open', options);
  return { name, ask, time: (workMs) => ask('time', workMs), close };
}

/** Opens the variants, hands them to `use`, and closes them whatever happens. */
export async function withVariants(wanted, use) {
  const open = [];
  try {
    for (const { name, file, options, nodeArguments } of wanted) open.push(await openVariant(name, file, options, { nodeArguments }));
    return await use(open);
  } finally {
    await Promise.all(open.map((variant) => variant.close()));
  }
}

/** Opens the variants, lets `checkAnswers` have a look at them, warms them up, and times each in every round. */
export function timeVariants(wanted, { rounds, workMs, warmUpMs }, checkAnswers) {
  return withVariants(wanted, async (variants) => {
    await checkAnswers(variants);
    for (const variant of variants) await variant.time(warmUpMs);
    return inRounds(variants, rounds, (variant) => variant.time(workMs));
  });
}
