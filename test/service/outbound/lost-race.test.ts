import { callAt, moved, noon, useStage } from './outbound-world.js';
import type { ClaimWrite } from '../../../src/customers/customer-store.js';

const stage = useStage();
const events = { 'address.changed': {}, purchase: {}, baby: { source: 'partner' } };

/** What happens between the read and the first claim. */
const between = (happens: () => Promise<unknown>) => stage.nodeOver((store) => {
  let isFirst = true;
  return { claim: async (write: ClaimWrite) => {
    if (isFirst) await happens();
    isFirst = false;
    return store.claim(write);
  } };
});

test('a trigger that was ended between the read and the claim says nothing', async () => {
  await stage.begin([{ ...moved, endsWith: ['declined'] }], {});
  await stage.happens('address.changed', noon);
  await between(() => stage.node.services.outcomes.record({ customerId: 'C-1', decisionId: 'd', offerId: 'cover', channel: 'app', outcome: 'declined' }, callAt(noon))).settle(noon);
  expect(stage.sent).toEqual([]);
});

test('nor does one on partners\' data whose consent was withdrawn', async () => {
  await stage.begin([{ ...moved, source: 'partner', on: { event: 'baby' } }], { events }, noon, { consents: ['email', 'partner-data'] });
  await stage.happens('baby', noon);
  await between(() => stage.node.services.customers.patch('C-1', { consents: ['email'] }, callAt(noon))).settle(noon);
  expect(stage.sent).toEqual([]);
  expect((await stage.store.export('C-1'))!.contacts).toEqual([]);
});

test('one that goes on speaks all the same, once', async () => {
  await stage.begin([moved]);
  await stage.happens('address.changed', noon);
  await between(() => stage.happens('purchase', noon)).settle(noon);
  await stage.node.settle(noon);
  expect(stage.said()).toEqual(['moved email cover']);
});
