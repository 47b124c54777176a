// The inside of a variant's process: opens the variant, and does what it is asked.
import { pathToFileURL } from 'node:url';
import { timeWork } from './time-work.mjs';

const { open } = await import(pathToFileURL(process.argv[2]).href);
let variant;

const methods = {
  open: async (options) => { variant = await open(options); },
  time: (workMs) => timeWork(variant, workMs),
};

process.on('message', async ({ method, argument }) => {
  try {
    if (method === 'close') {
      await variant?.close?.();
      process.exit(0);
    }
    const result = await (methods[method] ?? variant[method])(argument);
    process.send({ result });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.stack ?? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit(1));
