// npm run bench [-- part …]: the whole suite, or some parts of it. See docs/performance.md.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './frame/product.mjs';
import { describeCommit, describeMachine } from './frame/machine.mjs';
import { number, table } from './frame/text.mjs';
import { parts } from './parts.mjs';
import { resultsFile, saveResults } from './frame/results.mjs';
import { sizes } from './frame/sizes.mjs';

const help = `npm run bench [-- <part> …] [--rounds <n>] [--size full|quick|miniature] [--json] [--out <file>]

Measures this build, after asserting that its answers are right. Each part runs in fresh processes, its variants by
turns, the order reversed each round; figures are medians over the rounds, with the least and the most.

${Object.entries(parts).map(([part, what]) => `  ${part.padEnd(10)}${what}`).join('\n')}

  --rounds <n>   rounds, 7 by default
  --size         full (default): what results are published from; quick: some minutes; miniature: only whether it runs
  --json         results as JSON on standard output, in place of tables
  --out <file>   where the results are kept; by default a full size goes to bench/results/<version>.json, others nowhere
  --help         this text

The peers are packages of bench/ alone: npm ci --prefix bench. A peer that is not installed is left out, and said so.
`;

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { rounds: { type: 'string' }, size: { type: 'string', default: 'full' }, json: { type: 'boolean', default: false }, out: { type: 'string' }, help: { type: 'boolean', default: false } },
    });
    const unknown = positionals.filter((part) => !Object.hasOwn(parts, part));
    if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}; the parts are ${Object.keys(parts).join(', ')}.`);
    if (!Object.hasOwn(sizes, values.size)) throw new Error(`--size is "${values.size}"; it must be one of ${Object.keys(sizes).join(', ')}.`);
    const rounds = values.rounds === undefined ? sizes[values.size].rounds : Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds is "${values.rounds}"; it must be a whole number from 1.`);
    return { ...values, rounds, asked: positionals.length > 0 ? [...new Set(positionals)] : Object.keys(parts) };
  } catch (error) {
    process.stderr.write(`${error.message}\nnpm run bench -- --help says more.\n`);
    return process.exit(2);
  }
}

/** Resolves with what the part found; rejects where its answers are wrong or it cannot run. */
function runPart(part, settings) {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'frame/run-part.mjs'), [part, JSON.stringify(settings)], { execArgv: ['--expose-gc'], env: { ...process.env, ...(settings.size === 'miniature' && { NBO_BENCH_PIN: 'no' }) }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let found;
    child.on('message', (message) => { found = message; });
    child.once('exit', (code, signal) => (code === 0 && found !== undefined ? resolve(found) : reject(new Error(`${part} ended with ${code ?? signal}`))));
  });
}

/** What the figures of a miniature are held against says nothing: they keep the goals, and get no verdict. */
function judged(goals, size) {
  return size === 'miniature' ? goals.map(({ goal, what, wanted, figure }) => ({ goal, what, wanted, figure })) : goals;
}

function verdict(met, size) {
  if (met === undefined) return 'not judged';
  return `${met ? 'reached' : 'NOT REACHED'}${size === 'full' ? '' : `, at the size ${size}`}`;
}

function show({ part, title, size, tables, goals, notes }) {
  const blocks = [`\n## ${part}: ${title}`];
  for (const { caption, columns, rows } of tables) blocks.push(caption === undefined ? '' : `\n${caption}\n`, table(columns, rows));
  if (goals.length > 0) blocks.push('', table(['goal', 'wanted', 'measured', ''], goals.map(({ what, wanted, figure, met }) => [what, wanted, number(figure), verdict(met, size)])));
  if (notes.length > 0) blocks.push('', ...notes.map((note) => `- ${note}`));
  process.stdout.write(`${blocks.join('\n')}\n`);
}

const options = readArguments();
if (options.help) {
  process.stdout.write(help);
} else {
  if (!existsSync(join(build, 'app.js'))) {
    process.stderr.write('There is no build to measure: npm run build makes it.\n');
    process.exit(2);
  }
  const machine = describeMachine();
  const commit = describeCommit();
  if (!options.json) process.stdout.write(`${machine.processor}, ${machine.memoryGb} GB, Node ${machine.node}, commit ${commit ?? 'unknown'}; ${options.rounds} rounds, size ${options.size}; load before: ${machine.load.join(', ')}\n`);
  const out = options.out ?? (options.size === 'full' ? resultsFile : undefined);
  const all = [];
  for (const part of options.asked) {
    try {
      const found = await runPart(part, { ...sizes[options.size], size: options.size, rounds: options.rounds });
      const result = { part, title: parts[part], measuredAt: new Date().toISOString(), commit, machine, size: options.size, rounds: options.rounds, ...found, goals: judged(found.goals, options.size) };
      all.push(result);
      if (!options.json) show(result);
      if (out !== undefined) saveResults([result], out);
    } catch (error) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify(all, null, 1)}\n`);
}
