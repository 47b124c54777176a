/** What is handed over: one event about one offer for one customer. */
export interface OutboxEvent {
  /** The same however often it is sent. */
  readonly id: string;
  /** A CloudEvent as JSON, in one line. */
  readonly json: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The port to whoever delivers what we say by ourselves. At least once: what has been handed over may come again, under
 * the same id, where it was not known to have arrived.
 */
export interface Outbox {
  /** Resolves when the event is safe there. Rejects with an `OutboxError` where that is not known; it may be there. */
  publish(event: OutboxEvent): Promise<void>;
  close(): Promise<void>;
}

/** The message is for an operator; it holds no customer's data. `wasRefused`: the event is known not to be there. */
export class OutboxError extends Error {
  override readonly name = 'OutboxError';

  constructor(message: string, readonly wasRefused = false) {
    super(message);
  }
}
