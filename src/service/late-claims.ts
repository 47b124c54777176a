import { StoreError, type ClaimResult, type ClaimWrite, type CustomerStore } from '../customers/customer-store.js';
import { messageOf } from '../errors.js';

/**
 * A decision that did not hear from the store in time answers that it has recorded nothing. What the store then writes of
 * its claim all the same is taken back: nobody was shown it, and it must use up no cap. The room that it held of limits
 * comes back when its reservation ends; what a limit on `presented` counted stays counted (record 7).
 */
export interface LateClaims {
  /** Of a claim that nobody waits for any more. Never rejects, and is never waited for. */
  giveUp(claiming: Promise<ClaimResult>, claim: ClaimWrite, decisionId: string): void;
  /** Ends: what can still be taken back is, and the rest is told as left. */
  close(): Promise<void>;
}

export interface LateClaimsParts {
  readonly store: CustomerStore;
  /** Runs `action` after so long, unless it is cancelled. */
  readonly after: (ms: number, action: () => void) => () => void;
  /** What a decision presented stays in the ledger, though its answer said that nothing was recorded. */
  readonly left: (decisionId: string, reason: string) => void;
}

/** Between two tries, while the store is away; after the last the claim is left. */
const pausesMs = [250, 1_000, 4_000, 15_000, 60_000, 240_000];
const mostConflicts = 20;
/** Beyond, claims are left at once rather than memory filled. */
const mostUnderWay = 10_000;

export function createLateClaims({ store, after, left }: LateClaimsParts): LateClaims {
  const underWay = new Set<Promise<void>>();
  const wakers = new Set<() => void>();
  let closing = false;

  const pause = (ms: number): Promise<void> => new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      wakers.delete(wake);
      resolve();
    };
    const cancel = after(ms, wake);
    wakers.add(wake);
  });
  const settle = async (claiming: Promise<ClaimResult>, claim: ClaimWrite, decisionId: string): Promise<void> => {
    const result = await claiming.catch(() => null);      // then it may have been written
    if (result !== null && result.type !== 'claimed') return;
    for (let tries = 0; ; tries++) {
      try {
        return await takeBack(store, claim, decisionId);
      } catch (error) {
        if (closing || tries === pausesMs.length || !(error instanceof StoreError)) return left(decisionId, messageOf(error));
        await pause(pausesMs[tries]!);
      }
    }
  };

  return {
    giveUp: (claiming, claim, decisionId) => {
      if (underWay.size >= mostUnderWay) {
        claiming.catch(() => undefined);
        return left(decisionId, 'too many others are waited for');
      }
      const settling = settle(claiming, claim, decisionId).finally(() => underWay.delete(settling));
      underWay.add(settling);
    },
    close: async () => {
      closing = true;
      for (const wake of wakers) wake();
      await Promise.all(underWay);
    },
  };
}

async function takeBack(store: CustomerStore, { customerId, now, horizon, maxContacts, visitorUntil }: ClaimWrite, decisionId: string): Promise<void> {
  let heldAs = customerId;
  for (let conflicts = 0; conflicts < mostConflicts;) {
    const { customer, linkedTo } = await store.read(heldAs, [], now);
    if (linkedTo !== undefined) {
      heldAs = linkedTo;
      continue;
    }
    if (customer?.contacts.some((contact) => contact.decisionId === decisionId) !== true) return;
    const { type } = await store.claim({ customerId: heldAs, ledgerVersion: customer.ledgerVersion, now, horizon, maxContacts, visitorUntil, contacts: [], reserve: [], takesBack: [decisionId] });
    if (type !== 'conflict' && type !== 'linked') return;
    conflicts++;
  }
  throw new StoreError('the ledger changed each time');
}
