import { OutboxError, type Outbox } from '../../outbox/outbox.js';
import type { OutboundEvents } from './outbound-events.js';
import type { Publication } from '../../customers/agenda.js';

/** Sends what is due to be sent; gives what is left to send, with the time of its next try. */
export type Dispatch = (publications: readonly Publication[], now: number) => Promise<readonly Publication[]>;

const firstPauseMs = 1_000;
const longestPauseMs = 15 * 60_000;

/** `random`: in [0, 1), so that what failed together does not come again together. */
export function createDispatch(outbox: Outbox, events: OutboundEvents, random: () => number): Dispatch {
  const send = async (publication: Publication, now: number): Promise<readonly Publication[]> => {
    const { id, trigger, channel, event, validUntil, attempts, nextAt } = publication;
    if (now >= validUntil) {
      events.givenUp(trigger, 'The outbox did not take it in time');
      return [];
    }
    if (now < nextAt) return [publication];
    try {
      await outbox.publish({ id, json: event, at: now });
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      events.publishFailed(error.message);
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 30));
      return [{ ...publication, attempts: attempts + 1, nextAt: Math.min(validUntil, now + Math.ceil(pauseMs * (0.5 + random() / 2))) }];
    }
    events.published(trigger, channel);
    return [];
  };
  return async (publications, now) => (await Promise.all(publications.map((publication) => send(publication, now)))).flat();
}
