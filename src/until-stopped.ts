/** Resolves when the process is asked to stop (SIGINT, SIGTERM). The same signal again ends it at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
