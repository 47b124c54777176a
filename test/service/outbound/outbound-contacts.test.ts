import { callAt, dayMs, hourMs, moved, noon, useStage } from './outbound-world.js';
import { decide } from '../../../src/decision/pipeline.js';
import { drive } from '../../../src/service/drive.js';
import { fakeAnswer } from '../../support/fake-models.js';
import { readCustomer } from '../../../src/service/customer-reading.js';
import { startDeadline } from '../../../src/service/deadline.js';
import { toResponse } from '../../../src/service/decision-response.js';
import type { DecisionRequest } from '../../../src/decision/types.js';
import type { DecisionResponse } from '../../../src/service/openapi-types.js';

const stage = useStage();
const baby = { ...moved, id: 'baby', source: 'partner', on: { event: 'baby' }, window: '180d', effect: { weight: 2, offers: ['card'] } };
const iso = (at: number): string => new Date(at).toISOString();

/** What an agent is answered who decides for C-1. */
async function decideAt(now: number, members: Partial<DecisionRequest> = {}): Promise<DecisionResponse> {
  const request: DecisionRequest = { channel: 'call-center', direction: 'inbound', limit: 3, placements: null, context: {}, explain: 'reasons', ...members };
  const deadline = startDeadline(5_000, () => 0);
  const { state } = await readCustomer(stage.store, stage.catalog, { customerId: 'C-1', channel: request.channel }, now, now, deadline);
  const decision = await drive(decide({ catalog: stage.catalog, request, customer: state, now, contested: new Set() }), { score: (run) => Promise.resolve(fakeAnswer(run, {})) }, deadline);
  return toResponse(decision, { decisionId: 'd', named: { customerId: 'C-1' }, madeAt: now, tokens: null, isStoreAway: false });
}

test('who decides with reasons is told what triggers said, in which channel and when, and what became of it', async () => {
  await stage.begin([moved, baby], { events: { 'address.changed': {}, baby: { source: 'partner' } } }, noon, { consents: ['email', 'partner-data'] });
  expect((await decideAt(noon)).outboundContacts).toBeUndefined();
  await stage.happens('address.changed', noon);
  await stage.node.settle(noon);
  await stage.happens('baby', noon + hourMs);
  await stage.node.settle(noon + hourMs);
  const [{ data: { offer: { token } } }] = stage.sent as [(typeof stage.sent)[0]];
  await stage.node.services.outcomes.record({ token, outcome: 'clicked' }, callAt(noon + 2 * hourMs));

  const theirs = { occurredAt: iso(noon + hourMs), channel: 'email', offerId: 'card', outcome: 'presented' };
  const ours = { occurredAt: iso(noon), channel: 'email', offerId: 'cover', trigger: 'moved', outcome: 'clicked' };
  for (const members of [{}, { explain: 'full' as const }, { channels: ['call-center', 'email'], direction: 'outbound' as const }]) expect((await decideAt(noon + 3 * hourMs, members)).outboundContacts).toEqual([theirs, ours]);
  expect((await decideAt(noon + 3 * hourMs, { explain: 'none' })).outboundContacts).toBeUndefined();
  expect((await decideAt(noon + 30 * dayMs + 1)).outboundContacts).toEqual([theirs]);
  // What hangs on partners' data has no name that could outlive the consent to them.
  expect((await stage.store.export('C-1'))!.contacts.map(({ trigger }) => trigger)).toEqual(['moved', '', undefined]);
});
