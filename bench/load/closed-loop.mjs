/**
 * Saturation: every connection asks again as soon as it is answered. `perSecond` without the warm-up, `requests` with it.
 * With `spin` the generator never sleeps. One on a core of its own has to be woken by the server's own write, which takes
 * the server up to 20 µs, the more the longer it slept; a caller on another machine costs it nothing of the kind.
 */
export async function closedLoop({ connections, next, accept }, { seconds, warmUpSeconds, spin = false }) {
  let answered = 0;
  let running = true;
  const loops = connections.map((connection, place) => new Promise((resolve) => {
    const again = () => {
      if (!running) return resolve();
      connection.send(next(place), (status, answer) => {
        accept(status, answer);
        answered++;
        again();
      });
    };
    again();
  }));
  const stayAwake = () => { if (running) setImmediate(stayAwake); };
  if (spin) stayAwake();
  await pause(warmUpSeconds);
  const before = answered;
  const from = performance.now();
  do await pause(seconds); while (answered === before);       // a machine that starves us has still a rate
  const perSecond = ((answered - before) * 1000) / (performance.now() - from);
  running = false;
  await Promise.all(loops);
  return { perSecond, requests: answered };
}

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
