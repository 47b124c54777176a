/**
 * The other end of trial.ts: a process that opens models and runs them on request, so that a file which crashes the
 * runtime, or never comes to an end, takes only this process with it. Plain JavaScript, since it is started by path,
 * from `src` as from `dist`.
 */
import process from 'node:process';
import * as onnxruntime from 'onnxruntime-node';

const sessions = [];

async function open({ bytes, options }) {
  const session = await onnxruntime.InferenceSession.create(bytes, options);
  sessions.push(session);
  return { id: sessions.length - 1, inputs: session.inputMetadata.map((input) => ({ name: input.name, type: input.isTensor ? input.type : null })) };
}

async function run({ id, feeds, outputs }) {
  const tensors = {};
  for (const [name, { type, data, dims }] of Object.entries(feeds)) tensors[name] = new onnxruntime.Tensor(type, data, dims);
  const answer = await sessions[id].run(tensors, outputs);
  return Object.fromEntries(Object.entries(answer).map(([name, { type, data, dims }]) => [name, { type, data, dims }]));
}

process.on('disconnect', () => process.exit());
process.on('message', async (request) => {
  try {
    process.send({ ok: true, value: request.type === 'open' ? await open(request) : await run(request) });
  } catch (error) {
    process.send({ ok: false, reason: error instanceof Error ? error.message : String(error) });
  }
});
