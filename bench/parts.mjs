/** The parts in the order in which they run. Each is a file of parts/, which exports `run(settings)`. */
export const parts = {
  service: 'The whole service over HTTP against the floor: the same bytes in and out, one bare read, one bare model run',
  http: 'Express without a decision against bare node:http',
  steps: 'What each step of a request costs: the service is sampled under load, by --cpu-prof',
  decision: 'One decision over the sample catalog, in process',
  rules: 'Rules against hand-written closures: until the first no, and every rule with its reason',
  peers: 'Ranking 200 offers × 10 rules with ready scores, against other engines',
  growth: 'Offers, rules, customers, contacts and workers: how a decision grows with them',
  catalog: 'Loading a large catalog, and how long requests wait while catalogs are swapped',
  memory: 'Memory after loading, by offers, over many decisions and over many reloads',
  events: 'Events into both stores against bare writes, one of everybody by the number of customers, and what 20 active triggers cost',
  rhythm: 'Absence by a customer\'s own rhythm against fixed days: false alarms, and how soon it is found',
  stores: 'LMDB and Redis: a decision, a read against a bare get of the same bytes, the memory of a customer',
};
