import { movedKinds, type MoveTally } from '../../customers/move-tally.js';
import { alignedLines } from './aligned-lines.js';
import { count } from './number-words.js';

export interface MoveSummary { readonly from: string; readonly to: string; readonly tally: MoveTally; readonly isComplete: boolean }

const names: Readonly<Record<(typeof movedKinds)[number], string>> = {
  customers: 'Customers', visitors: 'Visitors', contacts: 'Contacts', idempotencyKeys: 'Idempotency keys', reservations: 'Reservations', agendas: 'Agendas of triggers', sweeps: 'Walks over all customers', limits: 'Limits', groupEvents: 'Events of all customers', tombstones: 'Marks of erased customers', secrets: 'Secrets',
};

/** What was moved, as a table, and what is to be done next. */
export function describeMove({ from, to, tally, isComplete }: MoveSummary): string {
  const table = alignedLines([['', 'held', 'written', 'removed', 'different'], ...movedKinds.map((kind) => {
    const { held, written, removed, differing } = tally[kind];
    return [names[kind], count(held), count(written), count(removed), count(differing)];
  })]);
  return `From ${from} to ${to}:\n${table.map((line) => `  ${line}\n`).join('')}${isComplete ? complete(to) : different(tally)}\n`;
}

function complete(to: string): string {
  return `${to} is complete: it holds all that was there when it was compared. If the service still writes to the old store, stop it and run this again; then start it with NBO_STORE on the new one.`;
}

function different(tally: MoveTally): string {
  const found = movedKinds.filter((kind) => tally[kind].differing > 0).map((kind) => `${names[kind].toLowerCase()}: ${count(tally[kind].differing)}`);
  return `Not complete. When all was compared, this was different (${found.join(', ')}), as it is while the service writes to the old store. Stop the service and run this again.`;
}
