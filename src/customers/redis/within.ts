/** The result of `work`, or `null` where it takes longer. The work itself is not stopped. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work, new Promise<null>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, null);
    })]);
  } finally {
    clearTimeout(timer);
  }
}
