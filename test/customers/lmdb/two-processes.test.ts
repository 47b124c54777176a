import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import type { RunnableSources } from '../../support/run-typescript.js';
import { transpileSources } from '../../support/run-typescript.js';
import { createLmdbData } from './lmdb-data.js';
import { startStoreProcess, storeChildFiles } from './store-process.js';
import type { StoreProcess } from './store-process.js';

let sources: RunnableSources;
let other: StoreProcess;
beforeAll(async () => {
  sources = await transpileSources(storeChildFiles);
  other = startStoreProcess(sources);
}, 60_000);
afterAll(async () => {
  await other.stop();
  await sources.remove();
});

/** Every second store that a test opens lives in another process. */
describeCustomerStore('The embedded store, shared by two processes', async () => {
  const data = await createLmdbData();
  let opened = 0;
  return { open: () => (opened++ % 2 === 0 ? data.open() : other.open(data.folder)), spoilAgenda: data.spoilAgenda, cleanup: () => data.cleanup() };
});
