/** What an operator is told of what we do by ourselves; none of it names a customer. Must not throw and not wait. */
export interface OutboundEvents {
  /** How long after its time somebody looked. */
  looked(lateMs: number): void;
  published(trigger: string, channel: string): void;
  /** The outbox did not take it; it is sent again. */
  publishFailed(message: string): void;
  deferred(trigger: string, reason: string): void;
  givenUp(trigger: string, reason: string): void;
  /** A look or a walk broke off; it is made again when its lease ends. */
  failed(error: Error): void;
  /** A page of a walk over all customers. */
  swept(customers: number, isDone: boolean): void;
}
