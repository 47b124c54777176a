import { connectTimeoutFactor, longestPauseMs, pauseBeforeTry } from '../../../src/customers/redis/connection.js';
import { defaultCommandTimeoutMs } from '../../../src/customers/redis/redis-store.js';

/** No test may wait to see how long it takes: the schedule says it. */
describe('the schedule of reconnection', () => {
  test('begins at once, and never leaves a server alone for longer than a second', () => {
    const pauses = Array.from({ length: 10_000 }, (_, tries) => pauseBeforeTry(tries + 1));
    expect(pauses.slice(0, 6)).toEqual([50, 100, 200, 400, 800, 1000]);
    expect(Math.max(...pauses)).toBe(longestPauseMs);
    expect(longestPauseMs).toBe(1000);
  });

  test('one try that hangs, the longest pause, and a try with its handshake fit into 5 s', () => {
    const hangingTryMs = connectTimeoutFactor * defaultCommandTimeoutMs;
    expect(hangingTryMs + longestPauseMs + defaultCommandTimeoutMs).toBeLessThanOrEqual(5000);
  });
});
