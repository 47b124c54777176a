import { createCustomerTurns, type CustomerTurns } from '../../src/service/customer-turns.js';
import { startDeadline, type Deadline } from '../../src/service/deadline.js';

const patient = startDeadline(60_000, () => 0);
const passed: Deadline = startDeadline(0, () => 0);

async function taken(turns: CustomerTurns, customerId: string): Promise<() => void> {
  return (await turns.take(customerId, patient))!;
}

test('turns of one customer come in the order of asking, one at a time; another customer does not wait', async () => {
  const turns = createCustomerTurns();
  const order: string[] = [];
  const first = await taken(turns, 'C-1');
  const waiting = ['second', 'third'].map(async (name) => {
    const leave = await taken(turns, 'C-1');
    order.push(name);
    await Promise.resolve();
    order.push(`${name} leaves`);
    leave();
  });
  (await taken(turns, 'C-2'))();
  expect(order).toEqual([]);
  first();
  await Promise.all(waiting);
  expect(order).toEqual(['second', 'second leaves', 'third', 'third leaves']);
  expect(turns.areTaken('C-1')).toBe(false);
});

test('who does not wait any longer is passed over', async () => {
  const turns = createCustomerTurns();
  const leave = await taken(turns, 'C-1');
  expect(await turns.take('C-1', passed)).toBeNull();
  const last = taken(turns, 'C-1');
  leave();
  (await last)();
  await Promise.resolve();
  expect(turns.areTaken('C-1')).toBe(false);
});
