import { endService, type RunningParts } from '../src/end-service.js';

/** Each part tells when it is asked to end, and when it has; of what is named in `held` only when it is let go. */
function partsThat(held: readonly string[]) {
  const told: string[] = [];
  const letGo = new Map<string, () => void>();
  const ends = (name: string) => async (): Promise<void> => {
    told.push(`${name}?`);
    if (held.includes(name)) await new Promise<void>((resolve) => letGo.set(name, resolve));
    told.push(name);
  };
  const parts: RunningParts = {
    http: { drain: ends('requests') }, watch: { close: ends('watch') }, rhythm: { stop: ends('rhythm') },
    waker: { stop: ends('looks') }, outbox: { close: ends('outbox') }, engine: { logWritten: ends('log'), close: ends('store') },
  };
  return { parts, told, letGo };
}
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

test('looks are begun no more while requests still end', async () => {
  const { parts, told, letGo } = partsThat(['requests']);
  const ended = endService(parts);
  await settled();
  expect(told).toContain('looks');
  expect(told).not.toContain('requests');
  letGo.get('requests')!();
  await ended;
  expect(told.slice(-2)).toEqual(['store?', 'store']);
});

test('the log is written before the looks under way are waited for; what they need ends after them', async () => {
  const { parts, told, letGo } = partsThat(['looks', 'rhythm']);
  const ended = endService(parts);
  await settled();
  expect(told).toContain('log');
  expect(told).not.toContain('outbox?');
  expect(told).not.toContain('store?');
  letGo.get('rhythm')!();
  letGo.get('looks')!();
  await ended;
  expect(told.filter((name) => !name.endsWith('?')).slice(-3)).toEqual(['looks', 'outbox', 'store']);
});

test('without an outbox nobody looks', async () => {
  const { parts, told } = partsThat([]);
  await endService({ ...parts, waker: null, outbox: null });
  expect(told.filter((name) => !name.endsWith('?'))).toEqual(expect.arrayContaining(['requests', 'log', 'watch', 'rhythm', 'store']));
});

test('requests are taken for as long as is said, by default no longer', async () => {
  const asked: object[] = [];
  const { parts } = partsThat([]);
  const drain = (limits: object): Promise<void> => {
    asked.push(limits);
    return Promise.resolve();
  };
  await endService({ ...parts, http: { drain } }, { graceMs: 1_000, quietMs: 20 });
  await endService({ ...parts, http: { drain } });
  expect(asked).toEqual([{ graceMs: 1_000, quietMs: 20 }, {}]);
});
