import type { ServiceError } from '../errors.js';
import type { CatalogCandidate, CatalogValidation, CloudEvent, Customer, CustomerExport, CustomerPatch, CustomerWrite, DecisionRequest, EventAnswer, OutcomeAnswer, OutcomeRequest, Readiness, VisitorExport, VisitorLinkAnswer, VisitorLinkRequest } from './openapi-types.js';

/** What a key may do. `decide`: decisions; `record`: outcomes, events, and decisions that record; `customers`: read and write
 *  customers; `simulate`: decide as of another time; `admin`: the catalog, and metrics. */
export const scopes = ['decide', 'record', 'customers', 'simulate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** What is the same for every call: when, how long, who. */
export interface CallContext {
  /** Epoch milliseconds, read once per request. */
  readonly now: number;
  /** How long the caller waits, counted from the call. */
  readonly timeoutMs: number;
  readonly scopes: ReadonlySet<Scope>;
  /** The name of the key; `null` where the service runs without keys. */
  readonly caller: string | null;
}

/** 201: recorded, and durable; 200: it was there already. */
export interface RecordedOutcome { readonly status: 200 | 201; readonly body: OutcomeAnswer }

/**
 * The port between the routes and the service. Bodies have been validated against openapi.yaml (shape and bounds);
 * whether what they name exists is the service's to say. Every method may reject with a `ServiceError`.
 */
export interface Services {
  readonly decisions: {
    /** Resolves the ready JSON text of a DecisionResponse. */
    decide(body: DecisionRequest, call: CallContext): Promise<string>;
  };
  readonly outcomes: {
    record(body: OutcomeRequest, call: CallContext): Promise<RecordedOutcome>;
    /** One result for each outcome, in order; each stands alone, so what is wrong with one is its result. */
    recordBatch(bodies: readonly OutcomeRequest[], call: CallContext): Promise<readonly (RecordedOutcome | ServiceError)[]>;
  };
  readonly events: {
    /** Resolves when the event is durable. */
    take(body: CloudEvent, call: CallContext): Promise<EventAnswer>;
    /** As recordBatch. */
    takeBatch(bodies: readonly CloudEvent[], call: CallContext): Promise<readonly (EventAnswer | ServiceError)[]>;
  };
  readonly customers: {
    put(id: string, body: CustomerWrite, call: CallContext): Promise<{ status: 200 | 201; body: Customer }>;
    patch(id: string, mergePatch: CustomerPatch, call: CallContext): Promise<Customer>;
    get(id: string, call: CallContext): Promise<Customer>;
    export(id: string, call: CallContext): Promise<CustomerExport>;
    erase(id: string, call: CallContext): Promise<void>;
  };
  readonly visitors: {
    link(customerId: string, body: VisitorLinkRequest, call: CallContext): Promise<VisitorLinkAnswer>;
    export(visitorId: string, call: CallContext): Promise<VisitorExport>;
    erase(visitorId: string, call: CallContext): Promise<void>;
  };
  readonly catalog: {
    /** Resolves the JSON of a CatalogDescription in UTF-8, all of it of the catalog that is live at the call. */
    describe(): Promise<Uint8Array>;
    validate(candidate: CatalogCandidate): Promise<CatalogValidation>;
  };
  readiness(): Readiness;
}
