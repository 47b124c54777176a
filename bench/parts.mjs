/** The parts in the order in which they run. Each is a file of parts/, which exports `run(settings)`. */
export const parts = {
  service: 'The whole service over HTTP against the floor: the same bytes in and out, one bare read, one bare model run',
  steps: 'What each step of a request costs: the service is sampled under load, by --cpu-prof',
  decision: 'One decision over the sample catalog, in process',
  stores: 'LMDB and Redis: a decision, a read against a bare get of the same bytes, the memory of a customer',
};
