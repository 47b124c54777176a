import { createSeededRandom, type SeededRandom } from '../../src/sample/seeded-random.js';
import { mayLeaveUnknown, ofType, unknownDecisions, type History, type LedgerEntry, type Operation, type Outcome } from './history.js';

export interface Answer {
  readonly status: number;
  readonly body: any;
  /** The process of the service that was asked. */
  readonly process?: number;
}

/** The service as its clients see it. */
export interface Endpoint {
  /** `null`: no answer came; whether it was done, nobody knows. */
  call(method: string, path: string, body?: object): Promise<Answer | null>;
  /** One that asks every node: their answers, in their order. */
  callEach(method: string, path: string): Promise<readonly (Answer | null)[]>;
  /** Before what found no answer is sent again. */
  pause(): Promise<void>;
  /** The processes that were killed. */
  readonly killed: ReadonlySet<number>;
}

/** What happens to the service meanwhile, when so many calls have been made. */
export interface Blow { readonly afterCalls: number; strike(): Promise<void> }

export interface WorkloadOptions {
  readonly seed: number;
  readonly clients: number;
  /** The clients stop when so many have been made. */
  readonly calls: number;
  readonly blows?: readonly Blow[];
}

interface Shown { readonly customerId: string; readonly decisionId: string; readonly offerId: string; readonly token: string | undefined; readonly recorded: boolean }

const customersAtOnce = 10;
/** At the end, in all, for what has yet to be taken back: a service that was long without its store tries again after 15 s. */
const mostPauses = 1_500;

/** Clients that decide, report, read and erase at random; what each was told. */
export class Workload {
  private readonly operations: Operation[] = [];
  private readonly customers: string[] = [];
  private readonly leaving = new Set<string>();
  private readonly blows: Blow[];
  private readonly struck: Promise<void>[] = [];
  private shown: Shown[] = [];
  private readonly acknowledged: { readonly operation: Outcome; readonly body: object }[] = [];
  private calls = 0;
  private events = 0;
  private names = 0;

  constructor(private readonly endpoint: Endpoint, private readonly options: WorkloadOptions) {
    this.blows = [...options.blows ?? []];
  }

  /** How many events have been counted: a moment that operations can be held against. */
  now(): number {
    return this.events;
  }

  async run(): Promise<History> {
    while (this.customers.length < customersAtOnce) await this.create();
    const clients = Array.from({ length: this.options.clients }, (_, client) => this.client(createSeededRandom(this.options.seed * 1_000 + client)));
    await Promise.all(clients);
    await Promise.all(this.struck);
    if (this.blows.length > 0) throw new Error(`The history ended before the blow at ${this.blows[0]!.afterCalls} calls`);
    return { operations: this.operations, final: await this.readAll(), killed: this.endpoint.killed };
  }

  private async client(random: SeededRandom): Promise<void> {
    while (this.calls < this.options.calls) {
      const what = random.weighted({ decide: 45, report: 30, walkIn: 4, again: 6, read: 12, erase: 1.5 });
      const customerId = random.pick(this.customers);
      if (what === 'decide') await this.decide(customerId, random);
      else if (what === 'read') await this.read(customerId);
      else if (what === 'erase') await this.erase(customerId, random);
      else if (what === 'again') await this.reportAgain(random);
      else await this.report(random, what === 'walkIn' ? { customerId, decisionId: this.name('walk-in'), offerId: 'scarce', token: undefined, recorded: false } : random.pick(this.shown));
    }
  }

  private async call(method: string, path: string, body?: object): Promise<Answer | null> {
    const answer = await this.endpoint.call(method, path, body);
    this.calls++;
    while (this.blows.length > 0 && this.blows[0]!.afterCalls <= this.calls) this.struck.push(this.blows.shift()!.strike());
    return answer;
  }

  /** Again and again until it is known what became of it; without patience, once. */
  private async callUntilKnown(method: string, path: string, body?: object, isPatient = true): Promise<Answer | null> {
    for (;;) {
      const answer = await this.call(method, path, body);
      if (answer !== null && answer.status !== 503) return answer;
      if (!isPatient) return null;
      await this.endpoint.pause();
    }
  }

  private name(of: string): string {
    return `${of}-${++this.names}`;
  }

  private async create(): Promise<void> {
    const customerId = this.name('C');
    const began = ++this.events;
    await this.callUntilKnown('PUT', `/v1/customers/${customerId}`, { consents: ['web'] });
    this.operations.push({ type: 'creation', customerId, began, ended: ++this.events });
    this.customers.push(customerId);
  }

  private async decide(customerId: string, random: SeededRandom): Promise<void> {
    const record = random.chance(0.75);
    const began = ++this.events;
    const answer = await this.call('POST', '/v1/decisions', { customerId, channel: 'web', limit: random.integer(1, 2), ...(record && { record: 'presented' }) });
    const { status = null, body, process: asked } = answer ?? {};
    const offers: any[] = status === 200 ? body.offers : [];
    const degraded = status === 200 && body.degraded.includes('store');
    this.operations.push({ type: 'decision', customerId, began, ended: status === null ? Infinity : ++this.events, record, status, ...(status === 200 && { decisionId: body.decisionId }), offerIds: offers.map(({ offerId }) => offerId), degraded, ...(asked !== undefined && { process: asked }) });
    for (const { offerId, token } of offers) this.shown.push({ customerId, decisionId: body.decisionId, offerId, token, recorded: record && !degraded });
    this.shown = this.shown.slice(-40);
  }

  private async report(random: SeededRandom, about: Shown | undefined): Promise<void> {
    if (about === undefined) return;
    const { customerId, decisionId, offerId, token, recorded } = about;
    const outcomeId = this.name('o');
    // Reported by hand, `presented` is no claim: it is reported of what is in the ledger already, and counts once.
    const outcome = decisionId.startsWith('walk-in') ? 'accepted' : random.weighted({ clicked: 4, 'not-now': 2, declined: 2, accepted: 3, presented: recorded ? 2 : 0 });
    const body = { ...(token === undefined ? { customerId, decisionId, offerId, channel: 'web' } : { token }), outcome, outcomeId, reason: outcomeId };
    const began = ++this.events;
    const answer = await this.callUntilKnown('POST', '/v1/outcomes', body, random.chance(0.85));
    const operation: Outcome = { type: 'outcome', customerId, began, ended: answer === null ? Infinity : ++this.events, outcomeId, decisionId, offerId, outcome, status: answer?.status ?? null, answer: JSON.stringify(answer?.body) };
    this.operations.push(operation);
    if (answer?.status === 200 || answer?.status === 201) this.acknowledged.push({ operation, body });
  }

  private async reportAgain(random: SeededRandom): Promise<void> {
    if (this.acknowledged.length === 0) return;
    const { operation: again, body } = random.pick(this.acknowledged);
    const began = ++this.events;
    const answer = await this.callUntilKnown('POST', '/v1/outcomes', body, false);
    this.operations.push({ ...again, again, began, ended: answer === null ? Infinity : ++this.events, status: answer?.status ?? null, answer: JSON.stringify(answer?.body) });
  }

  private async read(customerId: string): Promise<void> {
    const began = ++this.events;
    const answer = await this.callUntilKnown('GET', `/v1/customers/${customerId}/export`, undefined, false);
    this.operations.push({ type: 'reading', customerId, began, ended: answer === null ? Infinity : ++this.events, status: answer?.status ?? null, contacts: answer?.status === 200 ? answer.body.contacts : [] });
  }

  private async erase(customerId: string, random: SeededRandom): Promise<void> {
    if (this.leaving.has(customerId)) return;      // another client is at it
    this.leaving.add(customerId);
    const began = ++this.events;
    const answer = await this.callUntilKnown('DELETE', `/v1/customers/${customerId}`);
    this.operations.push({ type: 'erasure', customerId, began, ended: ++this.events, status: answer!.status });
    await this.create();
    await this.decide(customerId, random);
    await this.read(customerId);
    this.customers.splice(this.customers.indexOf(customerId), 1);
  }

  private async readAll(): Promise<ReadonlyMap<string, readonly LedgerEntry[] | null>[]> {
    const nodes: Map<string, readonly LedgerEntry[] | null>[] = [];
    let pauses = 0;
    for (const customerId of new Set(this.operations.map((operation) => operation.customerId))) {
      let answers = await this.endpoint.callEach('GET', `/v1/customers/${customerId}/export`);
      while (!answers.every(isAnswered) || (pauses < mostPauses && this.isUnsettled(customerId, answers))) {
        pauses++;
        await this.endpoint.pause();
        answers = await this.endpoint.callEach('GET', `/v1/customers/${customerId}/export`);
      }
      for (const [node, answer] of answers.entries()) {
        (nodes[node] ??= new Map<string, readonly LedgerEntry[] | null>()).set(customerId, answer.status === 404 ? null : answer.body.contacts);
      }
    }
    return nodes;
  }

  /** Something has yet to be taken back, or is being taken back between the nodes' answers. */
  private isUnsettled(customerId: string, answers: readonly Answer[]): boolean {
    const ledgers = answers.map(({ status, body }): readonly LedgerEntry[] => (status === 404 ? [] : body.contacts));
    if (new Set(ledgers.map((ledger) => JSON.stringify(ledger))).size > 1) return true;
    const operations = this.operations.filter((operation) => operation.customerId === customerId);
    const left = ofType(operations, 'decision').filter((decision) => mayLeaveUnknown(decision, this.endpoint.killed));
    return unknownDecisions(operations, ledgers[0]!).length > left.length;
  }
}

function isAnswered(answer: Answer | null): answer is Answer {
  return answer?.status === 200 || answer?.status === 404;
}
