import { noEvents } from '../../src/customers/event-ledger.js';
import { StoreError, type StoredProfile, type StoredState } from '../../src/customers/customer-store.js';
import { ServiceError } from '../../src/errors.js';
import { createCustomerChanges, type CustomerChange, type CustomerChanges, type MadeChange } from '../../src/service/customer-changes.js';
import type { Deadline } from '../../src/service/deadline.js';

type Written = 'created' | 'replaced' | 'conflict';
/** What the store was asked, and waits for the test to answer. */
type Asked =
  | { readonly what: 'read'; readonly id: string; answer(state: StoredState): void; fail(error: Error): void }
  | { readonly what: 'write'; readonly id: string; readonly names: readonly string[]; readonly ifVersion: number; readonly wakeAt: number | undefined; answer(result: Written): void; fail(error: Error): void };

const away = new StoreError('away');
const nothingWritten = new ServiceError('STORE_UNAVAILABLE', 'The store does not answer, and nothing was written; try again');
const perhapsWritten = new ServiceError('STORE_UNAVAILABLE', 'The store does not answer; it is not known whether the write happened, send it again');
const refusal = new ServiceError('INVALID_REQUEST', 'refused');

const profileOf = (names: readonly string[]): StoredProfile => ({ attributes: { names: [...names] }, consents: [], holdings: [] });
const namesOf = (profile: StoredProfile | null): readonly string[] => (profile?.attributes['names'] ?? []) as string[];
const holding = (names: readonly string[] | null, version = 1): StoredState => ({
  customer: names === null ? null : { profile: profileOf(names), contacts: [], events: noEvents, profileVersion: version, ledgerVersion: version },
  limitUsage: new Map(),
});
/** Lets all that follows from what has happened happen. */
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

const patient: Deadline = { remainingMs: () => Infinity, cut: (work) => work };
function endedBy(end: Promise<void>): Deadline {
  return { remainingMs: () => 0, cut: (work) => Promise.race([work, end.then(() => Promise.reject(new StoreError('late')))]) };
}

/** A promise, and what fulfils it. */
function signal(): [Promise<void>, () => void] {
  let send!: () => void;
  return [new Promise<void>((resolve) => { send = resolve; }), send];
}

let asked: Asked[];
let changes: CustomerChanges;
beforeEach(() => {
  asked = [];
  changes = createCustomerChanges({
    store: {
      read: (id) => new Promise((answer, fail) => { asked.push({ what: 'read', id: id!, answer, fail }); }),
      putProfile: (id, profile, ifVersion, wakeAt) => new Promise((answer, fail) => { asked.push({ what: 'write', id, names: namesOf(profile), ifVersion: ifVersion!, wakeAt, answer, fail }); }),
    },
    wakeAt: (now) => now,
  });
});

/** Adds its name to those that are there. */
function add(name: string, more: Partial<CustomerChange> = {}, id = 'C-1'): Promise<MadeChange> {
  const made = changes.make(id, { deadline: patient, now: 5, apply: (before) => profileOf([...namesOf(before), name]), ...more });
  made.catch(() => undefined);
  return made;
}
const refuse = (error: Error = refusal): Promise<MadeChange> => add('refused', { apply: () => { throw error; } });
const mustExist = (name: string): Partial<CustomerChange> => ({ apply: (before) => {
  if (before === null) throw refusal;
  return profileOf([...namesOf(before), name]);
} });

/** Refused where that name is there. */
const unlessThere = (name: string): Partial<CustomerChange> => ({ apply: (before) => {
  if (namesOf(before).includes(name)) throw refusal;
  return profileOf([...namesOf(before), `no ${name}`]);
} });

/** The next that the store is asked. */
async function next<What extends Asked['what']>(what: What): Promise<Extract<Asked, { what: What }>> {
  await turn();
  const first = asked.shift();
  expect(first?.what).toBe(what);
  return first as Extract<Asked, { what: What }>;
}
async function answerRead(state: StoredState): Promise<void> {
  (await next('read')).answer(state);
}
/** What the store is asked to write. */
async function answerWrite(result: Written): Promise<{ names: readonly string[]; ifVersion: number; wakeAt: number | undefined }> {
  const { answer, names, ifVersion, wakeAt } = await next('write');
  answer(result);
  return { names, ifVersion, wakeAt };
}
/** A first change, which is being read for, so that what comes now waits. */
async function begin(): Promise<() => Promise<void>> {
  const first = add('first');
  const { answer } = await next('read');
  return async () => {
    answer(holding(null));
    expect(await answerWrite('created')).toEqual({ names: ['first'], ifVersion: 0, wakeAt: 5 });
    expect(await first).toEqual({ isNew: true, profile: profileOf(['first']) });
  };
}
/** Nothing is under way, and the next one does not wait. */
async function expectIdle(): Promise<void> {
  await turn();
  expect(asked).toEqual([]);
  void add('later');
  expect(asked.map(({ what }) => what)).toEqual(['read']);
}

test('a change that is alone begins at once, and takes no turn of the event loop', async () => {
  const lone = createCustomerChanges({ store: { read: () => Promise.resolve(holding(['a'])), putProfile: () => Promise.resolve('replaced') }, wakeAt: () => undefined });
  const done: MadeChange[] = [];
  void lone.make('C-1', { deadline: patient, now: 1, apply: (before) => before! }).then((made) => done.push(made));
  for (let step = 0; step < 50; step++) await Promise.resolve();
  expect(done).toEqual([{ isNew: false, profile: profileOf(['a']) }]);
});

test('those that wait are read for and written once, in the order of their calls, and each is answered what it made', async () => {
  const end = await begin();
  const made = ['a', 'b', 'c'].map((name, place) => add(name, { now: 9 - place }));
  await turn();
  expect(asked).toEqual([]);
  await end();
  await answerRead(holding(['first'], 7));
  const { answer, ...write } = await next('write');
  expect(write).toMatchObject({ names: ['first', 'a', 'b', 'c'], ifVersion: 7, wakeAt: 7 });
  const answered: number[] = [];
  made.forEach((each, place) => void each.then(() => answered.push(place)));
  await turn();
  expect(answered).toEqual([]);
  answer('replaced');
  expect(await Promise.all(made)).toEqual([['first', 'a'], ['first', 'a', 'b'], ['first', 'a', 'b', 'c']].map((names) => ({ isNew: false, profile: profileOf(names) })));
  await expectIdle();
});

test('of very many 32 at a time are made together, in their order', async () => {
  const end = await begin();
  const names = Array.from({ length: 70 }, (_, place) => `n${place}`);
  const made = names.map((name) => add(name));
  await end();
  for (const [from, until] of [[0, 32], [32, 64], [64, 70]] as const) {
    await answerRead(holding(['first', ...names.slice(0, from)]));
    expect((await answerWrite('replaced')).names).toEqual(['first', ...names.slice(0, until)]);
  }
  await Promise.all(made);
  await expectIdle();
});

test('another customer does not wait', async () => {
  await begin();
  void add('other', {}, 'C-2');
  expect(asked.map(({ id }) => id)).toEqual(['C-2']);
});

test('one that is refused, or breaks, leaves the customer to the next as it was', async () => {
  const end = await begin();
  const broken = new TypeError('broken');
  const made = [add('early', mustExist('early')), add('a'), refuse(), refuse(broken), add('b', mustExist('b'))];
  await end();
  await answerRead(holding(null));
  expect(await answerWrite('created')).toMatchObject({ names: ['a', 'b'], ifVersion: 0 });
  expect(await Promise.allSettled(made)).toEqual([
    { status: 'rejected', reason: refusal },
    { status: 'fulfilled', value: { isNew: true, profile: profileOf(['a']) } },
    { status: 'rejected', reason: refusal },
    { status: 'rejected', reason: broken },
    { status: 'fulfilled', value: { isNew: false, profile: profileOf(['a', 'b']) } },
  ]);
  await expectIdle();
});

test('one that is refused of what was read is told so before the others are written, and is not tried again', async () => {
  const end = await begin();
  let applied = 0;
  const early = add('early', { apply: () => {
    applied++;
    throw refusal;
  } });
  const made = [add('a'), add('b', unlessThere('a'))];
  await end();
  await answerRead(holding([]));
  const { answer } = await next('write');
  await expect(early).rejects.toBe(refusal);
  const answered: string[] = [];
  for (const each of made) void each.catch(() => undefined).then(() => answered.push('answered'));
  await turn();
  expect(answered).toEqual([]);
  answer('conflict');
  await answerRead(holding(['won']));
  expect(await answerWrite('replaced')).toMatchObject({ names: ['won', 'a'] });
  await made[0];
  await expect(made[1]).rejects.toBe(refusal);
  expect(applied).toBe(1);
  await expectIdle();
});

test('a refusal is told as it was found last: of what the others made, where that is written', async () => {
  const end = await begin();
  const created = add('a');
  const refused = add('b', { apply: (before) => { throw new ServiceError('NOT_FOUND', `seen: ${namesOf(before).join()}`); } });
  await end();
  await answerRead(holding(null));
  await answerWrite('conflict');
  await answerRead(holding(['won']));
  await answerWrite('replaced');
  await created;
  await expect(refused).rejects.toThrow('seen: won,a');
  await expectIdle();
});

test('where none comes through nothing is written', async () => {
  const end = await begin();
  const made = [refuse(), refuse()];
  await end();
  await answerRead(holding(['first']));
  for (const each of made) await expect(each).rejects.toBe(refusal);
  await expectIdle();
});

test('where others wrote in between, all are applied again to that', async () => {
  const end = await begin();
  const made = [add('a'), add('b', mustExist('b')), add('c')];
  await end();
  await answerRead(holding(null));
  await answerWrite('conflict');
  await answerRead(holding(['won'], 3));
  expect(await answerWrite('replaced')).toMatchObject({ names: ['won', 'a', 'b', 'c'], ifVersion: 3 });
  expect((await Promise.all(made)).map(({ isNew, profile }) => [isNew, namesOf(profile).at(-1)])).toEqual([[false, 'a'], [false, 'b'], [false, 'c']]);
  await expectIdle();
});

test('after a hundred lost races all of them are told so, and nothing was written', async () => {
  const made = [add('a')];
  for (let attempt = 0; attempt < 100; attempt++) {
    await answerRead(holding([], attempt + 1));
    if (attempt === 0) made.push(add('waits'));
    expect((await answerWrite('conflict')).names).toEqual(['a']);
  }
  await expect(made[0]).rejects.toMatchObject({ code: 'CONFLICT' });
  await answerRead(holding([]));
  await answerWrite('replaced');
  expect(await made[1]).toEqual({ isNew: false, profile: profileOf(['waits']) });
  await expectIdle();
});

describe('a store that fails', () => {
  test('at the read: nothing of the group was written', async () => {
    const end = await begin();
    const made = [add('a'), refuse()];
    await end();
    (await next('read')).fail(away);
    for (const each of made) await expect(each).rejects.toEqual(nothingWritten);
    await expectIdle();
  });

  test('at the write: it is not known of those that came through, and those that wait are tried', async () => {
    const end = await begin();
    const made = [add('a'), add('b', unlessThere('a')), add('c')];
    await end();
    await answerRead(holding([]));
    const later = add('later');
    (await next('write')).fail(away);
    await expect(made[0]).rejects.toEqual(perhapsWritten);
    await expect(made[1]).rejects.toEqual(nothingWritten);
    await expect(made[2]).rejects.toEqual(perhapsWritten);
    await answerRead(holding([]));
    await answerWrite('replaced');
    expect(await later).toEqual({ isNew: false, profile: profileOf(['later']) });
    await expectIdle();
  });
});

describe('where it is not known whether the others were written, a refusal is told that holds of what was read', () => {
  const missing = new ServiceError('NOT_FOUND', 'missing');
  const other = (): Promise<MadeChange> => add('other', { apply: (before) => { throw before === null ? missing : refusal; } });

  test('since the write failed', async () => {
    const end = await begin();
    const made = [add('a'), refuse(), other(), add('b', mustExist('b'))];
    await end();
    await answerRead(holding(null));
    (await next('write')).fail(away);
    await expect(made[0]).rejects.toEqual(perhapsWritten);
    await expect(made[1]).rejects.toBe(refusal);
    await expect(made[2]).rejects.toBe(missing);
    await expect(made[3]).rejects.toEqual(perhapsWritten);
    await expectIdle();
  });

  test('since the caller has no time to wait for it', async () => {
    const [time, late] = signal();
    const deadline = endedBy(time);
    const end = await begin();
    const made = add('a');
    const refused = [add('refused', { deadline, apply: () => { throw refusal; } }), add('b', { ...unlessThere('a'), deadline })];
    await end();
    await answerRead(holding([]));
    const { answer } = await next('write');
    late();
    await expect(refused[0]).rejects.toBe(refusal);
    await expect(refused[1]).rejects.toEqual(nothingWritten);
    answer('replaced');
    await made;
    await expectIdle();
  });

  test('but not where it came through of what was read later', async () => {
    const end = await begin();
    const made = [add('a'), add('b', { apply: (before) => {
      if (!namesOf(before).includes('won')) throw refusal;
      return profileOf([...namesOf(before), 'b']);
    } })];
    await end();
    await answerRead(holding([]));
    await answerWrite('conflict');
    await answerRead(holding(['won']));
    (await next('write')).fail(away);
    for (const each of made) await expect(each).rejects.toEqual(perhapsWritten);
    await expectIdle();
  });
});

describe('a deadline', () => {
  let late: () => void;
  let hasty: Partial<CustomerChange>;
  beforeEach(() => {
    hasty = { deadline: endedBy(new Promise((resolve) => { late = resolve; })) };
  });

  test('that ends while its caller waits: the change is not made, those of the others are', async () => {
    const end = await begin();
    const made = [add('a'), add('late', hasty), add('b')];
    late();
    await expect(made[1]).rejects.toEqual(nothingWritten);
    await end();
    await answerRead(holding(['first']));
    expect(await answerWrite('replaced')).toMatchObject({ names: ['first', 'a', 'b'] });
    expect(namesOf((await made[2]!).profile)).toEqual(['first', 'a', 'b']);
    await expectIdle();
  });

  test('that ends during the read: likewise', async () => {
    const end = await begin();
    const made = [add('late', hasty), add('a')];
    await end();
    const { answer } = await next('read');
    late();
    await expect(made[0]).rejects.toEqual(nothingWritten);
    answer(holding(['first']));
    expect(await answerWrite('replaced')).toMatchObject({ names: ['first', 'a'] });
    await made[1];
    await expectIdle();
  });

  test('that ends during the write: it is not known, and where that lost its race, it is not made any more', async () => {
    const end = await begin();
    const made = [add('late', hasty), add('a')];
    await end();
    await answerRead(holding(['first']));
    const { names, answer } = await next('write');
    expect(names).toEqual(['first', 'late', 'a']);
    late();
    await expect(made[0]).rejects.toEqual(perhapsWritten);
    answer('conflict');
    await answerRead(holding(['first', 'won'], 2));
    expect(await answerWrite('replaced')).toMatchObject({ names: ['first', 'won', 'a'] });
    await made[1];
    await expectIdle();
  });

  test('that ends in the very step in which the store answers, whichever is heard first: what is written is not told to be unwritten', async () => {
    const told = new Set<boolean>();
    for (let lead = -12; lead <= 12; lead++) {
      const [time, ends] = signal();
      const made = add('late', { deadline: endedBy(time) }, `C${lead}`);
      const { answer } = await next('read');
      const [first, second] = lead < 0 ? [ends, () => answer(holding([]))] : [() => answer(holding([])), ends];
      first();
      for (let step = 0; step < Math.abs(lead); step++) await Promise.resolve();
      second();
      const error = await made.catch((reason: unknown) => reason);
      await turn();
      const isWritten = asked.length > 0;
      expect({ lead, error }).toEqual({ lead, error: isWritten ? perhapsWritten : nothingWritten });
      told.add(isWritten);
      asked = [];
    }
    expect(told.size).toBe(2);
  });

  test('that ends between a lost race and the next write: nothing was written', async () => {
    const made = add('late', hasty);
    await answerRead(holding([]));
    await answerWrite('conflict');
    await turn();
    late();
    await expect(made).rejects.toEqual(nothingWritten);
  });

  test('a store that hangs holds up nobody who comes after all were answered, and what it does later harms nobody', async () => {
    const made = add('late', hasty);
    await answerRead(holding([]));
    const hanging = await next('write');
    const waits = add('waits');
    await turn();
    expect(asked).toEqual([]);
    late();
    await expect(made).rejects.toEqual(perhapsWritten);
    const { answer } = await next('read');
    hanging.answer('conflict');
    answer(holding([]));
    expect(await answerWrite('replaced')).toMatchObject({ names: ['waits'] });
    await waits;
    await expectIdle();
  });

  test('where nobody waits any more nothing is asked of the store', async () => {
    const end = await begin();
    const made = add('late', hasty);
    late();
    await expect(made).rejects.toEqual(nothingWritten);
    await end();
    await expectIdle();
  });
});
