/** The result of `work`, or `null` where it takes longer. The work itself is not stopped. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work, new Promise<null>((resolve) => {
      // Where the process was busy for so long, the answer may lie ready and unread: it is read before the turn ends.
      timer = setTimeout(() => setImmediate(resolve, null), timeoutMs);
    })]);
  } finally {
    clearTimeout(timer);
  }
}
