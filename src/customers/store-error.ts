/** The store could not answer: away, slow, full. The message is for an operator; it holds no customer's data. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** What is stored cannot be understood; to ask again does not help. */
export class UnreadableError extends StoreError {
  override readonly name = 'UnreadableError';
}

/** There is no store where one must be. */
export class NoStoreError extends StoreError {
  override readonly name = 'NoStoreError';
}
