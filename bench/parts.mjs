/** The parts in the order in which they run. Each is a file of parts/, which exports `run(settings)`. */
export const parts = {
  service: 'The whole service over HTTP against the floor: the same bytes in and out, one bare read, one bare model run',
  steps: 'What each step of a request costs: the service is sampled under load, by --cpu-prof',
  decision: 'One decision over the sample catalog, in process',
  rules: 'Rules against hand-written closures: until the first no, and every rule with its reason',
  peers: 'Ranking 200 offers × 10 rules with ready scores, against other engines',
  stores: 'LMDB and Redis: a decision, a read against a bare get of the same bytes, the memory of a customer',
};
