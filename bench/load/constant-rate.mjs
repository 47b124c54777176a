import { quantile } from '../frame/statistics.mjs';

/**
 * Latency at a constant rate. Each request has its time on the schedule, and its latency counts from then, whether it
 * could be sent then or had to wait for a free connection: a server that stands still for a second delays all that
 * were due in it, and all of them count (no "coordinated omission"). The generator spins rather than sleeps, since a
 * timer comes up to a millisecond late; where it has a core of its own; `spin: false` where it has none, so as not to
 * take the server's time. It ends after `seconds`, or when
 * `goOn` says so.
 */
export async function constantRate({ connections, next, accept }, { perSecond, seconds = Infinity, warmUpSeconds = 0, goOn = () => true, spin = true }, clock = () => performance.now()) {
  let total = Math.max(1, Math.round(perSecond * (seconds + warmUpSeconds)));
  const skipped = Math.min(total - 1, Math.round(perSecond * warmUpSeconds));
  const latencies = [];
  const free = [...connections];
  const startedMs = clock();
  const dueAt = (index) => startedMs + (index * 1000) / perSecond;
  let sent = 0;
  let answered = 0;

  const send = (connection, index) => connection.send(next(index), (status, answer) => {
    accept(status, answer);
    answered++;
    if (index >= skipped) latencies.push(clock() - dueAt(index));
    if (sent < total && dueAt(sent) <= clock()) send(connection, sent++);
    else free.push(connection);
  });
  await new Promise((resolve) => {
    const turn = () => {
      if (!goOn()) total = sent;
      while (sent < total && free.length > 0 && dueAt(sent) <= clock()) send(free.shift(), sent++);      // in turn: a server closes a connection that asks nothing
      if (answered === total) resolve();
      else if (spin) setImmediate(turn);
      else setTimeout(turn, 1);
    };
    turn();
  });
  return { requests: latencies.length, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), p999: quantile(latencies, 0.999), longest: quantile(latencies, 1) };
}
