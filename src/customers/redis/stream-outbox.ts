import { OutboxError, type Outbox } from '../../outbox/outbox.js';
import { messageOf } from '../../errors.js';
import { StoreError } from '../customer-store.js';
import { parseRedisAddress } from '../redis-address.js';
import { connect } from './connection.js';
import { isAway } from './failures.js';
import { expectNoEviction } from './server-checks.js';

/** The stream keeps about so many events; a reader who is further behind misses the oldest. */
export const mostStreamEvents = 1_000_000;
const commandTimeoutMs = 1_000;

/**
 * The outbox as a Redis Stream, `<prefix>:outbox`: an entry for each event with the fields `id` and `event` (a CloudEvent as
 * JSON). As safe as the server keeps it. A server that is away may come later, and is checked then; rejects with a StoreError where it cannot be used.
 */
export async function openStreamOutbox(url: string): Promise<Outbox> {
  const parsed = parseRedisAddress(url);
  if (!parsed.ok) throw new StoreError(`The outbox's address ${parsed.problem}.`);
  const connection = await connect(parsed.address, { commandTimeoutMs, mayBeAway: true });
  let isChecked = false;
  const check = async (): Promise<void> => {
    if (isChecked) return;
    await expectNoEviction(connection);
    isChecked = true;
  };
  try {
    await check();
  } catch (error) {
    if (!isAway(error as object)) {
      connection.close();
      throw error;
    }
  }
  const key = `${parsed.address.prefix}:outbox`;
  return {
    publish: async ({ id, json }) => {
      try {
        await check();
        await connection.command('xadd', key, 'MAXLEN', '~', mostStreamEvents, '*', 'id', id, 'event', json);
      } catch (error) {
        throw new OutboxError(`The outbox's stream cannot be written: ${messageOf(error)}`);
      }
    },
    close: () => Promise.resolve(connection.close()),
  };
}
