/**
 * What clients of the service did and were told, in the order in which they saw it. `began` and `ended` count events of
 * all clients: what ended before another began had happened before it. `ended` is Infinity where no final answer came:
 * it may have been done at any time, or never.
 */
export interface Span { readonly customerId: string; readonly began: number; readonly ended: number }

export type Operation = Creation | Decision | Outcome | Reading | Erasure;

/** PUT of a new customer, until it was acknowledged. */
export interface Creation extends Span { readonly type: 'creation' }

export interface Decision extends Span {
  readonly type: 'decision';
  /** With `record: presented`. */
  readonly record: boolean;
  /** `null`: no answer came. */
  readonly status: number | null;
  readonly decisionId?: string;
  readonly offerIds: readonly string[];
  readonly degraded: boolean;
  /** Which process was asked. */
  readonly process?: number;
}

export interface Outcome extends Span {
  readonly type: 'outcome';
  readonly outcomeId: string;
  readonly decisionId: string;
  readonly offerId: string;
  readonly outcome: string;
  /** The last answer; `null`: none, or one that does not say whether it was written. */
  readonly status: number | null;
  /** The answer's body, as text. */
  readonly answer: string;
  /** The operation that was acknowledged before, of which this one is the same again. */
  readonly again?: Outcome;
}

/** GET of the export. */
export interface Reading extends Span { readonly type: 'reading'; readonly status: number | null; readonly contacts: readonly LedgerEntry[] }

export interface Erasure extends Span { readonly type: 'erasure'; readonly status: number | null }

/** A contact as the export shows it. The clients give each outcome its `outcomeId` as its reason. */
export interface LedgerEntry { readonly decisionId?: string; readonly offerId?: string; readonly outcome: string; readonly reason?: string }

export interface History {
  readonly operations: readonly Operation[];
  /** What every node showed of each customer when all was over; `null`: there is no such customer. */
  readonly final: readonly ReadonlyMap<string, readonly LedgerEntry[] | null>[];
  /** The processes of the service that were killed. */
  readonly killed: ReadonlySet<number>;
}

/** What the history's catalog promises (policy.ts has it in YAML). */
export interface Policy {
  /** Its offers are presented to anybody, without consent and history. */
  readonly freeOffers: ReadonlySet<string>;
  readonly maxPresentedPerOffer: number;
  readonly maxPresentedPerCustomer: number;
  /** Outcomes after which an offer is not shown again. */
  readonly restAfter: ReadonlySet<string>;
  readonly limit: { readonly offerId: string; readonly max: number };
}

/** What makes an entry of the ledger one: a decision's `presented` of an offer however reported, an outcome by its id. */
export function entryKey({ decisionId, offerId, outcome, reason }: LedgerEntry): string {
  return outcome === 'presented' ? `presented ${offerId} by ${decisionId}` : `${outcome} ${offerId} by ${decisionId} (${reason})`;
}

/** The entries that an acknowledged operation promised. */
export function acknowledgedEntries(operation: Operation): readonly string[] {
  if (operation.type === 'outcome' && (operation.status === 200 || operation.status === 201)) return [outcomeKey(operation)];
  if (operation.type !== 'decision' || !isRecorded(operation)) return [];
  return operation.offerIds.map((offerId) => entryKey({ decisionId: operation.decisionId!, offerId, outcome: 'presented' }));
}

export function outcomeKey({ decisionId, offerId, outcome, outcomeId }: Outcome): string {
  return entryKey({ decisionId, offerId, outcome, reason: outcomeId });
}

/** Its answer says that what it shows is in the ledger. */
export function isRecorded({ record, status, degraded }: Decision): boolean {
  return record && status === 200 && !degraded;
}

/** Ids of decisions in a customer's ledger that no client was told. */
export function unknownDecisions(operations: readonly Operation[], ledger: readonly LedgerEntry[]): readonly string[] {
  const told = new Set(ofType(operations, 'decision').map(({ decisionId }) => decisionId));
  return [...new Set(ledger.flatMap(({ outcome, decisionId }) => (outcome === 'presented' && !told.has(decisionId) ? [decisionId!] : [])))];
}

/** Its claim may have been written under an id that no client was told: it found no answer, or did not hear from the store in
 *  time. What the store writes of the latter all the same is taken back. */
export function mayHaveClaimedUnknown({ record, status, degraded }: Decision): boolean {
  return record && (status === null || degraded);
}

/** ... and may stay there for good: nobody was answered, or the process that was to take it back was killed. */
export function mayLeaveUnknown(decision: Decision, killed: ReadonlySet<number>): boolean {
  return mayHaveClaimedUnknown(decision) && (decision.status === null || killed.has(decision.process!));
}

export function ofType<T extends Operation['type']>(operations: readonly Operation[], type: T): (Operation & { type: T })[] {
  return operations.filter((operation): operation is Operation & { type: T } => operation.type === type);
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
