const firstPauseMs = 2;
const longestPauseMs = 50;

/** A random wait, so that processes that raced once do not meet again; longer with every try. */
export function pause(tries: number): Promise<void> {
  const most = Math.min(firstPauseMs * 2 ** Math.min(tries - 1, 10), longestPauseMs);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * most));
}
