import { differences } from './differences.js';
import { movedKinds, type MoveTally, type Tally } from './move-tally.js';
import { walkLists, type MovedList } from './moved-lists.js';
import type { StoreHoldings, Taken } from './store-holdings.js';

export interface Move {
  readonly from: StoreHoldings;
  readonly to: StoreHoldings;
  readonly now: number;
  /** Called now and then with how many customers and visitors of the first store have been seen. */
  readonly onSeen: (seen: Seen) => Promise<void>;
}
export interface Seen { readonly customers: number; readonly visitors: number }

const entriesPerWrite = 200;
/** Entries may be large: a write holds no more than this. */
const bytesPerWrite = 4_000_000;
const entriesPerReport = 200;

/**
 * Makes the second store hold what the first one holds: what differs is written, what is not there any more is removed,
 * the rest is left alone. Nothing is added to what is there, so it may end anywhere and begin again.
 */
export function moveHoldings(move: Move): Promise<MoveTally> {
  return walk(move, (taken) => move.to.take(taken, move.now));
}

/** Counts and compares all, and writes nothing. */
export function compareHoldings(move: Move): Promise<MoveTally> {
  return walk(move, null);
}

type Take = (taken: Taken) => Promise<void>;

/** `take: null`: only compares. */
async function walk(move: Move, take: Take | null): Promise<MoveTally> {
  const tally = Object.fromEntries(movedKinds.map((kind): [string, Tally] => [kind, { held: 0, written: 0, removed: 0, differing: 0 }])) as MoveTally;
  await walkSecrets(move.from, move.to, tally.secrets, take);
  await walkShared(move, tally.groupEvents, take);
  await walkLists((list) => walkList(list, move, tally, take));
  await move.onSeen(seenIn(tally));
  return tally;
}

function seenIn({ customers, visitors }: MoveTally): Seen {
  return { customers: customers.held, visitors: visitors.held };
}

async function walkList<T>(list: MovedList<T>, { from, to, now, onSeen }: Move, tally: MoveTally, take: Take | null): Promise<void> {
  const { kind, nameOf, isSame, sizeOf, taken } = list;
  const its = tally[kind];
  const count = (entry: T, what: 'held' | 'written'): void => {
    its[what]++;
    for (const [part, number] of Object.entries(list.count(entry)) as [keyof MoveTally, number][]) tally[part][what] += number;
  };
  let entries: T[] = [];
  let gone: string[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (entries.length + gone.length > 0) await take?.(taken(entries, gone));
    for (const entry of entries) count(entry, 'written');
    its.removed += gone.length;
    entries = [];
    gone = [];
    bytes = 0;
  };
  const onEntry = async (entry: T): Promise<void> => {
    count(entry, 'held');
    if (its.held % entriesPerReport === 0) await onSeen(seenIn(tally));
  };
  for await (const difference of differences({ from: list.entries(from, now), to: list.entries(to, now), nameOf, isSame, onEntry })) {
    if (take === null) {
      its.differing++;
      continue;
    }
    if (difference.from === undefined) gone.push(difference.name);
    else entries.push(difference.from);
    bytes += difference.from === undefined ? 0 : sizeOf(difference.from);
    if (entries.length + gone.length >= entriesPerWrite || bytes >= bytesPerWrite) await flush();
  }
  await flush();
}

async function walkSecrets(from: StoreHoldings, to: StoreHoldings, tally: Tally, take: Take | null): Promise<void> {
  const [ours, theirs] = await Promise.all([from.secrets(), to.secrets()]);
  const secrets = new Map([...ours].filter(([name, secret]) => theirs.get(name) !== secret));
  tally.held = ours.size;
  if (take === null) {
    tally.differing = secrets.size;
  } else if (secrets.size > 0) {
    await take({ secrets });
    tally.written = secrets.size;
  }
}

/** Written as a whole, with the population's rhythms, where anything of it differs. */
async function walkShared({ from, to, now }: Pick<Move, 'from' | 'to' | 'now'>, tally: Tally, take: Take | null): Promise<void> {
  const [ours, theirs] = await Promise.all([from.shared(now), to.shared(now)]);
  tally.held = ours.groupEvents.length;
  const known = new Map(theirs.groupEvents.map(({ name, value }) => [name, value]));
  const changed = ours.groupEvents.filter(({ name, value }) => known.get(name)?.equals(value) !== true).length;
  const gone = theirs.groupEvents.filter(({ name }) => !ours.groupEvents.some((event) => event.name === name)).length;
  const rhythmsDiffer = ours.rhythms === null ? theirs.rhythms !== null : theirs.rhythms?.equals(ours.rhythms) !== true;
  if (changed + gone === 0 && !rhythmsDiffer) return;
  if (take === null) {
    tally.differing = changed + gone + (rhythmsDiffer ? 1 : 0);
  } else {
    await take({ shared: ours });
    tally.written = changed;
    tally.removed = gone;
  }
}
