/**
 * Does a variant's work over and over for about `workMs`, and says what one piece took: by the clock, and of the
 * processor's time, which other processes on a busy machine do not lengthen. `work(index)` may be asynchronous;
 * `inFlight` pieces are under way at a time, one unless the variant says more.
 */
export async function timeWork({ work, inFlight = 1 }, workMs) {
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  let done = 0;
  let batch = 1;
  const lane = async () => {
    do {
      for (let i = 0; i < batch; i++) {
        const result = work(done++);
        if (result instanceof Promise) await result;      // awaiting what is no promise would cost a turn of the queue
      }
      batch = Math.min(batch * 2, 256);
    } while (performance.now() - startedMs < workMs);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const elapsedMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  return { wallUs: (elapsedMs * 1000) / done, cpuUs: (user + system) / done, count: done };
}
