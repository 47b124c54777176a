import { openEnvironment } from '../../../src/customers/lmdb/environment.js';

/** Ends in the middle of a write, as an error that nobody catches would end it, or Node a worker without its primary. */
const environment = await openEnvironment(process.argv[2]!);
await environment.write(() => process.exit(0));
