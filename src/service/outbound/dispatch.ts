import { OutboxError, type Outbox } from '../../outbox/outbox.js';
import type { OutboundEvents } from './outbound-events.js';
import type { Publication } from '../../customers/agenda.js';

/** Hands over to the outbox; gives what it did not take, with the time of its next try. */
export type Dispatch = (publications: readonly Publication[], now: number) => Promise<readonly Publication[]>;

const firstPauseMs = 1_000;
const longestPauseMs = 15 * 60_000;
/** After so many failures in a row, of whatever events, the outbox is taken to be away: then one at a time finds out
 *  whether it is back, and the others are not held up by waiting for it. */
const failuresInARow = 4;
/** While it is away the others wait for so long, twice as long after each try in vain: thousands that wait are looked at
 *  again each time, and a receiver that has gone down is not to be asked all the time. */
const firstAwayMs = 2_000;
const longestAwayMs = 60_000;

/** `random`: in [0, 1), so that what failed together does not come again together. */
export function createDispatch(outbox: Outbox, events: OutboundEvents, random: () => number): Dispatch {
  let failures = 0;
  let probes = 0;
  let isProbing = false;
  let nextProbeAt = -Infinity;
  const later = (publication: Publication, pauseMs: number, now: number): Publication => ({ ...publication, nextAt: Math.min(publication.validUntil, now + Math.ceil(pauseMs * (0.5 + random() / 2))) });
  const awayMs = (): number => Math.min(longestAwayMs, firstAwayMs * 2 ** Math.min(probes, 30));
  const publish = async (publication: Publication, now: number): Promise<readonly Publication[]> => {
    const { id, trigger, channel, event, attempts, neverTaken } = publication;
    try {
      await outbox.publish({ id, json: event, at: now });
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      failures++;
      events.publishFailed(error.message);
      return [later({ ...publication, attempts: attempts + 1, neverTaken: error.wasRefused ? neverTaken : undefined }, Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 30)), now)];
    }
    failures = 0;
    probes = 0;
    events.published(trigger, channel);
    return [];
  };
  const probe = async (publication: Publication, now: number): Promise<readonly Publication[]> => {
    isProbing = true;
    try {
      return await publish(publication, now);
    } finally {
      isProbing = false;
      if (failures > 0) {
        // None of the others is due sooner.
        nextProbeAt = now + awayMs() / 2;
        probes++;
      }
    }
  };
  const send = async (publication: Publication, now: number): Promise<readonly Publication[]> => {
    if (failures < failuresInARow) return publish(publication, now);
    return isProbing || now < nextProbeAt ? [later(publication, awayMs(), now)] : probe(publication, now);
  };
  return async (publications, now) => (await Promise.all(publications.map((publication) => send(publication, now)))).flat();
}
