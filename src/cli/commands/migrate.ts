import type { StoreLocation } from '../../config.js';
import { beginMove, completeMove, type BeginResult } from '../../customers/begin-move.js';
import type { CustomerStore } from '../../customers/customer-store.js';
import { compareHoldings, moveHoldings } from '../../customers/move-holdings.js';
import { movedKinds, type MoveTally } from '../../customers/move-tally.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { problems, wrongUse, type CommandFailure } from '../failure.js';
import { describeMove } from '../printing/move-table.js';
import { counted } from '../printing/number-words.js';
import { showProgress } from '../printing/progress.js';
import { describeStore, isSameStore } from '../opening/store-names.js';
import type { Surroundings } from '../surroundings.js';

export interface MigrateOptions { readonly from: StoreLocation; readonly to: StoreLocation; readonly json: boolean }

/** Moves everything, then compares everything. */
export async function migrate(surroundings: Surroundings, { from, to, json }: MigrateOptions): Promise<ExitCode> {
  const names = { from: describeStore(from), to: describeStore(to) };
  if (await isSameStore(from, to)) throw wrongUse(`Both are the same store, ${names.from}: name another one to move it to.`);
  const source = await surroundings.openStoreForMove(from, 'from');
  try {
    const target = await surroundings.openStoreForMove(to, 'to');
    try {
      const begun = await beginMove(source, target, surroundings.now());
      if (begun !== 'begun' && begun !== 'continued') throw refusal(begun, names);
      const tally = await moveAndCompare(surroundings, source, target);
      const isComplete = movedKinds.every((kind) => tally[kind].differing === 0);
      if (isComplete) await completeMove(target);
      await surroundings.output.write(json ? `${JSON.stringify({ ...names, complete: isComplete, ...tally })}\n` : describeMove({ ...names, tally, isComplete }));
      return isComplete ? exitCodes.ok : exitCodes.problems;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function moveAndCompare({ errors, now }: Surroundings, { holdings: from }: CustomerStore, { holdings: to }: CustomerStore): Promise<MoveTally> {
  const pass = async (verb: string, walk: typeof moveHoldings): Promise<MoveTally> => {
    const total = await from.customerCount();
    const progress = showProgress(errors, total);
    try {
      return await walk({ from, to, now: now(), onSeen: ({ customers, visitors }) => progress.update(customers, customers + visitors, `${verb} ${counted(customers, 'customer')}${visitors === 0 ? '' : `, ${counted(visitors, 'visitor')}`}`) });
    } finally {
      await progress.stop();
    }
  };
  const moved = await pass('Moved', moveHoldings);
  const compared = await pass('Compared', compareHoldings);
  return Object.fromEntries(movedKinds.map((kind) => {
    const { written, removed } = moved[kind];
    const { held, differing } = compared[kind];
    return [kind, { held, written, removed, differing }];
  })) as unknown as MoveTally;
}

function refusal(reason: Exclude<BeginResult, 'begun' | 'continued'>, { from, to }: { readonly from: string; readonly to: string }): CommandFailure {
  switch (reason) {
    case 'nothing-to-move': return problems(`There is nothing to move: ${from} is empty.`);
    case 'source-incomplete': return problems(`${from} is itself being filled by a move that is not complete. Finish that one first.`);
    case 'other-move': return problems(`${to} is being filled from another store. Nothing is moved there from ${from}; go on from that one, or name an empty store.`);
    case 'same-store': return problems(`${from} and ${to} are the same store, or one is a copy of the other. Name an empty one to move it to.`);
    case 'in-service': return problems(`${to} has been in service since this installation was moved there. Nothing more is moved there, since that would undo what was written to it; name an empty store.`);
    case 'served': return problems(`A service has been started on ${to}, and would go on with what it found there. Nothing is moved there; stop it, and name an empty store (on Redis another prefix will do: ?prefix=name).`);
    case 'not-empty': return problems(`${to} is not empty, and holds another installation. Nothing is moved there; name an empty store (on Redis another prefix will do: ?prefix=name).`);
  }
}
