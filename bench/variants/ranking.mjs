import { makeTask } from '../peers/task.mjs';

/** One engine of peers/ at the common task: ranks one customer after the other. */
export async function open({ engine, offers, customers }) {
  const task = makeTask({ offers, customers });
  const { rank, refusals, work = rank, close } = await (await import(`../peers/${engine}.mjs`)).open(task);
  const each = async (of) => {
    const found = [];
    for (const customer of task.customers) found.push(await of(customer));
    return found;
  };
  return { work: (index) => work(task.customers[index % customers]), rankings: () => each(rank), refusals: () => each(refusals), close };
}
