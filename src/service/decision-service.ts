import { decide } from '../decision/pipeline.js';
import { presentationOf } from './presentation.js';
import { drive } from './drive.js';
import { createCustomerTurns, type CustomerTurns } from './customer-turns.js';
import { readCustomer, unreadable, type ReadCustomer } from './customer-reading.js';
import { readDecisionRequest } from './decision-request.js';
import { ServiceError } from '../errors.js';
import { startDeadline, type Deadline } from './deadline.js';
import { StoreError, type ClaimResult, type ClaimWrite, type CustomerStore } from '../customers/customer-store.js';
import { ledgerFull, maxContacts } from './ledger-bounds.js';
import { toResponse } from './decision-response.js';
import type { DecisionInput } from '../decision/situation.js';
import type { Catalog, Decision, DecisionRequest } from '../decision/types.js';
import type { DecisionRequest as Body, DecisionResponse } from './openapi-types.js';
import type { LateClaims } from './late-claims.js';
import type { CurrentCatalog } from './current-catalog.js';
import type { Scorer } from '../models/scorer.js';
import type { CallContext, Services } from './service.js';
import type { TokenSource } from './token-source.js';
import { heldAs, visitorUntil, type Named } from './visitors.js';

export interface DecisionServiceParts {
  readonly catalog: CurrentCatalog;
  readonly store: CustomerStore;
  readonly scorer: Scorer;
  readonly tokens: TokenSource;
  readonly newDecisionId: () => string;
  readonly monotonicMs: () => number;
  readonly lateClaims: LateClaims;
  /** Told of every decision, after its answer is ready; must not throw and not wait. */
  readonly onDecided: (record: DecisionRecord) => void;
}

/** A decision with all that it was made from, so that it can be made again. */
export interface DecisionRecord {
  readonly caller: string | null;
  /** When it was made; `input.now` is the time that it was made for. */
  readonly madeAt: number;
  readonly request: Body;
  readonly input: DecisionInput;
  readonly response: DecisionResponse;
  /** The response as JSON. */
  readonly answer: string;
}

/** After so many conflicts a decision stops fighting for the offers of its last try; after twice as many, for all. */
const patientTries = 4;

export function createDecisionService(parts: DecisionServiceParts): Services['decisions'] {
  const turns = createCustomerTurns();
  return {
    decide: async (body, call) => {
      const deadline = startDeadline(call.timeoutMs, parts.monotonicMs);
      const catalog = parts.catalog.current();
      const request = readDecisionRequest(body, catalog);
      const at = body.at === undefined ? call.now : Date.parse(body.at);
      // Where not even the secret is known, the store is away: nothing that it tells can be part of the answer.
      const tokens = await parts.tokens(deadline);
      const asked: Asked = { body, request, catalog, call, deadline, at, isStoreAway: tokens === null, decisionId: parts.newDecisionId() };
      const { input, decision, decisionId, named, isStoreAway } = await (body.record === 'presented' ? decideAndRecord(asked, turns, parts) : decideOnce(asked, parts));
      const response = toResponse(decision, { decisionId, named, madeAt: call.now, tokens, isStoreAway });
      const answer = JSON.stringify(response);
      parts.onDecided({ caller: call.caller, madeAt: call.now, request: body, input, response, answer });
      return answer;
    },
  };
}

interface Asked {
  readonly body: Body;
  readonly request: DecisionRequest;
  readonly catalog: Catalog;
  readonly call: CallContext;
  readonly deadline: Deadline;
  /** The time that is decided for. */
  readonly at: number;
  readonly isStoreAway: boolean;
  readonly decisionId: string;
}
interface Decided { readonly input: DecisionInput; readonly decision: Decision; readonly decisionId: string; readonly named: Named; readonly isStoreAway: boolean }

async function read({ body, catalog, at, call, deadline, isStoreAway }: Asked, { store }: DecisionServiceParts): Promise<ReadCustomer> {
  return isStoreAway ? unreadable(body) : readCustomer(store, catalog, body, at, call.now, deadline);
}

async function decideOn({ state, named, isStoreAway }: ReadCustomer, { catalog, request, at, deadline, decisionId }: Asked, contested: ReadonlySet<string>, { scorer }: DecisionServiceParts): Promise<Decided> {
  const input: DecisionInput = { catalog, request, customer: state, now: at, contested };
  return { input, decision: await drive(decide(input), scorer, deadline), decisionId, named, isStoreAway };
}

async function decideOnce(asked: Asked, parts: DecisionServiceParts): Promise<Decided> {
  return decideOn(await read(asked, parts), asked, new Set(), parts);
}

/**
 * Decides, and records what is returned as presented, in the same atomic step that checks that the ledger is still the
 * one that the decision saw. On a conflict the decision is made again on the new state, when its turn has come.
 */
async function decideAndRecord(asked: Asked, turns: CustomerTurns, parts: DecisionServiceParts): Promise<Decided> {
  const { body, catalog, call, deadline } = asked;
  const id = heldAs(body)!;
  const contested = new Set<string>();
  // Not known to be recorded: only what needs no history may be shown.
  const unrecorded = (decisionId = asked.decisionId): Promise<Decided> => decideOn(unreadable(body), { ...asked, decisionId }, contested, parts);
  let leave: (() => void) | null = null;
  try {
    for (let attempt = 1; ; attempt++) {
      if (leave === null && (attempt > 1 || turns.areTaken(id))) {
        leave = await turns.take(id, deadline);
        if (leave === null) return await unrecorded();
      }
      const found = await read(asked, parts);
      if (found.known === 'visitor' && found.ledgerVersion === null) {
        throw new ServiceError('UNPROCESSABLE', 'Only for a known customer can a decision be recorded', [{ pointer: '/customerId', detail: `There is no customer "${body.customerId}"` }]);
      }
      const decided = await decideOn(found, asked, contested, parts);
      if (found.ledgerVersion === null || decided.decision.offers.length === 0) return decided;
      const result = await claim(decided, found.ledgerVersion, call.now, deadline, parts);
      // What the claim writes under its id is taken back; an outcome of what is shown instead must not go with it.
      if (result === 'unreachable') return await unrecorded(parts.newDecisionId());
      if (result.type === 'claimed') return decided;
      if (result.type === 'ledger-full') throw ledgerFull();
      if (attempt >= 2 * patientTries) for (const { id } of catalog.offers) contested.add(id);
      else if (attempt >= patientTries) for (const { offer } of decided.decision.offers) contested.add(offer.id);
    }
  } finally {
    leave?.();
  }
}

async function claim({ input, decision, decisionId, named }: Decided, ledgerVersion: number, now: number, deadline: Deadline, { store, lateClaims }: DecisionServiceParts): Promise<ClaimResult | 'unreachable'> {
  const { catalog } = input;
  const customerId = named.customerId ?? heldAs(named)!;
  const write: ClaimWrite = { customerId, ledgerVersion, now, maxContacts, visitorUntil: visitorUntil(customerId, catalog, now), ...presentationOf(decision, decisionId, catalog, now) };
  const claiming = store.claim(write);
  try {
    return await deadline.cut(claiming);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    lateClaims.giveUp(claiming, write, decisionId);
    return 'unreachable';
  }
}
