import { UnreadableError, type CustomerStore, type CustomerToLoad, type StoredProfile, type StoredState } from '../../customers/customer-store.js';
import { noEvents } from '../../customers/event-ledger.js';
import { ServiceError } from '../../errors.js';
import { reasonsOf, type CustomerLine } from './customer-record.js';

/** A line that was read, and where it stands in the file. */
export interface ReadLine { readonly number: number; readonly line: CustomerLine }

export interface WrittenBatch {
  /** What was stored, in the order of the lines. */
  readonly lines: readonly CustomerLine[];
  readonly newCustomers: number;
  /** Lines that did not go together with what is stored. */
  readonly refused: readonly { readonly number: number; readonly reasons: readonly string[] }[];
}

type Held = NonNullable<StoredState['customer']>;
/** What a customer becomes, and by which lines. */
interface Change {
  readonly profile: StoredProfile;
  readonly given: Pick<CustomerLine, 'contacts' | 'events' | 'agenda'>;
  readonly lines: readonly ReadLine[];
  readonly refused: WrittenBatch['refused'];
}
interface Looked {
  readonly id: string;
  readonly own: readonly ReadLine[];
  readonly held: Held | 'unreadable' | null;
  readonly change: Change;
}
interface Done { readonly isNew: boolean; readonly change: Change }
interface Round { readonly done: readonly Done[]; readonly overtaken: readonly Looked[] }

/** As for PUT: a change that loses a race is made again of what won. */
const tries = 100;

/**
 * Stores lines, those of one customer one after the other. Each change is written over the very state that it was made
 * of, since a service may work on the same store, and what no line says stays. Where there is a profile only, it is put as
 * PUT does it; those who are new, and those of whom a line says more, are loaded together.
 */
export async function writeBatch(store: CustomerStore, lines: readonly ReadLine[], now: number, wakeAt: number | undefined): Promise<WrittenBatch> {
  const look = async ({ id, own }: Pick<Looked, 'id' | 'own'>): Promise<Looked> => {
    const held = await heldOf(store, id, own, now);
    return { id, own, held, change: changeOf(held, own) };
  };
  const done: Done[] = [];
  let left: readonly Pick<Looked, 'id' | 'own'>[] = [...byCustomer(lines)].map(([id, own]) => ({ id, own }));
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === tries) throw new ServiceError('CONFLICT', 'A customer was changed by others again and again meanwhile; import again what is left');
    const round = await writeRound(store, await Promise.all(left.map(look)), wakeAt);
    done.push(...round.done);
    left = round.overtaken;
  }
  return {
    lines: done.flatMap(({ change }) => change.lines).sort(byNumber).map(({ line }) => line),
    newCustomers: done.filter(({ isNew }) => isNew).length,
    refused: done.flatMap(({ change }) => change.refused).sort(byNumber),
  };
}

/** Writes each that is still what it was when it was looked at. */
async function writeRound(store: CustomerStore, looks: readonly Looked[], wakeAt: number | undefined): Promise<Round> {
  const changes = looks.filter(({ change }) => change.lines.length > 0);
  const [wholes, profiles] = [changes.filter(isWhole), changes.filter((each) => !isWhole(each))];
  const [loaded, puts] = await Promise.all([
    wholes.length === 0 ? [] : store.load(wholes.map(wholeOf), wakeAt),
    Promise.all(profiles.map(({ id, held, change }) => store.putProfile(id, change.profile, versionsOf(held)?.profileVersion ?? 0, wakeAt))),
  ]);
  const overtaken = new Set([...loaded, ...profiles.flatMap(({ id }, place) => (puts[place] === 'conflict' ? [id] : []))]);
  return {
    done: looks.filter(({ id }) => !overtaken.has(id)).map(({ held, change }) => ({ isNew: held === null && change.lines.length > 0, change })),
    overtaken: looks.filter(({ id }) => overtaken.has(id)),
  };
}

function isWhole({ held, change: { given } }: Looked): boolean {
  return held === null || held === 'unreadable' || saysMore(given);
}

function wholeOf({ id, held, change: { profile, given } }: Looked): CustomerToLoad {
  const rest = held === null || held === 'unreadable' ? { contacts: [], events: noEvents } : held;
  return { id, profile, contacts: given.contacts ?? rest.contacts, events: given.events ?? rest.events, agenda: given.agenda, replaces: versionsOf(held) };
}

/** What cannot be read is replaced whatever it is. */
function versionsOf(held: Looked['held']): CustomerToLoad['replaces'] {
  return held === 'unreadable' ? undefined : held;
}

/** More than a profile. Visitors are linked by themselves. */
function saysMore({ contacts, events, agenda }: Change['given']): boolean {
  return contacts !== undefined || events !== undefined || agenda !== undefined;
}

function byCustomer(lines: readonly ReadLine[]): ReadonlyMap<string, readonly ReadLine[]> {
  const groups = new Map<string, ReadLine[]>();
  for (const read of lines) {
    const own = groups.get(read.line.id);
    if (own === undefined) groups.set(read.line.id, [read]);
    else own.push(read);
  }
  return groups;
}

const byNumber = (one: { readonly number: number }, other: { readonly number: number }): number => one.number - other.number;

/** What the store holds: without the ledger, where that stays as it is and may be long. */
async function heldOf(store: CustomerStore, id: string, lines: readonly ReadLine[], now: number): Promise<Held | 'unreadable' | null> {
  try {
    const { customer } = await store.read(id, [], now);
    if (customer === null) return null;
    return lines.some(({ line }) => saysMore(line)) ? customer : { ...customer, contacts: [], events: noEvents };
  } catch (error) {
    if (error instanceof UnreadableError) return 'unreadable';
    throw error;
  }
}

function changeOf(held: Held | 'unreadable' | null, lines: readonly ReadLine[]): Change {
  let stored = held === 'unreadable' ? held : held?.profile ?? null;
  let given: Change['given'] = {};
  const refused: { number: number; reasons: readonly string[] }[] = [];
  const accepted: ReadLine[] = [];
  for (const read of lines) {
    const { number, line: { profileAfter, bringsConsentRecords, contacts, events, agenda } } = read;
    // What cannot be read can only be replaced, by one who says all of it.
    if (stored === 'unreadable' && (!bringsConsentRecords || contacts === undefined || events === undefined)) {
      refused.push({ number, reasons: ['what the store holds about this customer cannot be read; an export\'s whole line would replace it'] });
      continue;
    }
    try {
      stored = profileAfter(stored === 'unreadable' ? null : stored);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      refused.push({ number, reasons: reasonsOf(error) });
      continue;
    }
    given = { contacts: contacts ?? given.contacts, events: events ?? given.events, agenda: agenda ?? given.agenda };
    accepted.push(read);
  }
  return { profile: stored as StoredProfile, given, lines: accepted, refused };
}
