import type { SeededRandom } from '../../src/sample/seeded-random.js';
import { entryKey, type LedgerEntry, type Policy } from './history.js';
import type { Answer, Endpoint } from './workload.js';

/** What a service may do wrong. `none`: right, though calls are refused and answers get lost. */
export const faults = [
  'none', 'forgets an acknowledged outcome', 'forgets an acknowledged presentation', 'writes what is sent again anew', 'writes an outcome twice', 'is over a cap', 'is over the limit',
  'writes what it refuses', 'does not erase', 'brings an erased customer back', 'loses a customer', 'decides on an old ledger', 'shows an old ledger', 'shows anything without its store', 'answers differently the second time', 'shows another ledger on another node',
  'writes what nobody asked for', 'presents what nobody asked for', 'leaves what came too late', 'fails',
] as const;
export type Fault = (typeof faults)[number];

/** Early, so that much is answered after it, for which a kill is no excuse. */
const killedAfter: ReadonlySet<number> = new Set([80, 160]);

interface Customer { ledger: LedgerEntry[]; readonly past: LedgerEntry[][]; readonly answers: Map<string, string> }

/** A service in memory that keeps the policy, but for its fault, which shows at some calls. Its answers take their turns
 *  by chance, as on a network; sometimes its store answers too late, and what it wrote is taken back some calls later; and twice its process is killed, which cannot take back any more. */
export function createModelService(policy: Policy, fault: Fault, random: SeededRandom): Endpoint {
  const customers = new Map<string, Customer>();
  const erased = new Map<string, Customer>();
  const late: { readonly customer: Customer; readonly decisionId: string; readonly process: number; calls: number }[] = [];
  const killed = new Set<number>();
  let running = 0;
  let calls = 0;
  let decisions = 0;
  let accepted = 0;
  const isWrong = (which: Fault, probability = 0.2): boolean => fault === which && random.chance(probability);
  const someTurns = async (): Promise<void> => {
    for (let turns = random.integer(0, 4); turns > 0; turns--) await Promise.resolve();
  };
  const write = (customer: Customer, entry: LedgerEntry): void => {
    customer.past.push(customer.ledger);
    customer.ledger = [...customer.ledger, entry];
  };

  const writeLate = (customer: Customer | undefined): void => {
    if (customer === undefined) return;
    const decisionId = `late-${++decisions}`;
    write(customer, { decisionId, offerId: 'help', outcome: 'presented' });
    late.push({ customer, decisionId, process: running, calls: random.integer(1, 40) });
  };
  const takeBack = (): void => {
    const due = late.filter((each) => each.calls-- === 0 && !killed.has(each.process) && !isWrong('leaves what came too late', 1));
    for (const each of due) each.customer.ledger = each.customer.ledger.filter(({ decisionId }) => decisionId !== each.decisionId);
  };

  const decide = (body: any): Answer => {
    const decisionId = `d-${++decisions}`;
    const isCut = random.chance(fault === 'leaves what came too late' ? 0.15 : 0.05);
    if (isCut && body.record !== undefined) writeLate(customers.get(body.customerId));
    if (isCut) return { status: 200, body: { decisionId, degraded: ['store'], offers: [{ offerId: isWrong('shows anything without its store', 1) ? 'good' : 'help' }] } };
    const customer = customers.get(body.customerId);
    if (customer === undefined) return body.record === undefined ? { status: 200, body: { decisionId, degraded: [], offers: [{ offerId: 'help' }] } } : { status: 422, body: {} };
    const ledger = isWrong('decides on an old ledger') ? customer.past.at(-8) ?? [] : customer.ledger;
    const count = (offerId?: string): number => ledger.filter((entry) => entry.outcome === 'presented' && (offerId === undefined ? !policy.freeOffers.has(entry.offerId!) : entry.offerId === offerId)).length;
    const isOver = isWrong('is over a cap');
    const offerIds: string[] = [];
    for (const offerId of ['scarce', 'good', 'fair', 'plain', 'help']) {
      const isFree = policy.freeOffers.has(offerId);
      const rests = ledger.some((entry) => entry.offerId === offerId && policy.restAfter.has(entry.outcome));
      const fits = isFree || (!rests && (isOver || (count(offerId) < policy.maxPresentedPerOffer && count() + offerIds.length < policy.maxPresentedPerCustomer)));
      if (fits && offerIds.length < body.limit) offerIds.push(offerId);
    }
    if (body.record !== undefined && !isWrong('forgets an acknowledged presentation')) for (const offerId of offerIds) write(customer, { decisionId, offerId, outcome: 'presented' });
    if (isWrong('presents what nobody asked for')) write(customer, { decisionId: `d-${++decisions}`, offerId: 'help', outcome: 'presented' });
    return { status: 200, body: { decisionId, degraded: [], offers: offerIds.map((offerId) => ({ offerId })) } };
  };

  const report = ({ customerId, outcomeId, decisionId, offerId, outcome }: any): Answer => {
    const customer = customers.get(customerId);
    if (customer === undefined) return { status: 404, body: {} };
    const answer = customer.answers.get(outcomeId);
    const entry: LedgerEntry = { decisionId, offerId, outcome, reason: outcomeId };
    if (answer !== undefined) {
      if (isWrong('writes what is sent again anew')) write(customer, entry);
      return { status: 200, body: isWrong('answers differently the second time') ? { offerId } : JSON.parse(answer) };
    }
    const body = { outcomeId };
    customer.answers.set(outcomeId, JSON.stringify(body));
    if (customer.ledger.some((other) => outcome === 'presented' && entryKey(other) === entryKey(entry))) return { status: 200, body };
    if (outcome === 'accepted' && offerId === policy.limit.offerId && !customer.ledger.some((other) => other.outcome === outcome && other.decisionId === decisionId && other.offerId === offerId)) {
      if (accepted >= policy.limit.max && !isWrong('is over the limit', 0.5)) {
        customer.answers.delete(outcomeId);
        if (isWrong('writes what it refuses', 1)) write(customer, entry);
        return { status: 409, body: {} };
      }
      accepted++;
    }
    if (!isWrong('forgets an acknowledged outcome')) write(customer, entry);
    if (isWrong('writes an outcome twice')) write(customer, entry);
    if (isWrong('writes what nobody asked for')) write(customer, { ...entry, reason: 'o-0' });
    return { status: 201, body };
  };

  const erase = (customerId: string): Answer => {
    const customer = customers.get(customerId);
    if (customer === undefined) return { status: 404, body: {} };
    if (!isWrong('does not erase', 0.5)) customers.delete(customerId);
    erased.set(customerId, customer);
    return { status: 204, body: undefined };
  };

  const handle = (method: string, path: string, body: any): Answer => {
    if (method !== 'GET' && isWrong('fails', 0.05)) return { status: 500, body: {} };
    const customerId = path.split('/')[3] ?? '';
    takeBack();
    for (const [id, customer] of isWrong('brings an erased customer back') ? erased : []) customers.set(id, customer);
    if (isWrong('loses a customer', 0.02)) customers.delete([...customers.keys()][0]!);
    if (path === '/v1/decisions') return decide(body);
    if (path === '/v1/outcomes') return report(body);
    if (method === 'DELETE') return erase(customerId);
    if (method === 'PUT') {
      if (!customers.has(customerId)) customers.set(customerId, { ledger: [], past: [], answers: new Map() });
      return { status: 201, body: {} };
    }
    const customer = customers.get(customerId);
    if (customer === undefined) return { status: 404, body: {} };
    return { status: 200, body: { contacts: isWrong('shows an old ledger') ? customer.past.at(-8) ?? [] : customer.ledger } };
  };

  return {
    call: async (method, path, body) => {
      await someTurns();
      if (random.chance(0.05)) return random.chance(0.5) && path !== '/v1/decisions' ? { status: 503, body: {} } : null;
      const answer = { ...handle(method, path, body), process: running };
      if (killedAfter.has(++calls)) killed.add(running++);
      await someTurns();
      return random.chance(0.05) ? null : answer;
    },
    callEach: (method, path) => {
      const [here, there] = [handle(method, path, undefined), handle(method, path, undefined)];
      return Promise.resolve([here, isWrong('shows another ledger on another node', 1) ? { status: 200, body: { contacts: [] } } : there]);
    },
    pause: someTurns,
    killed,
  };
}
