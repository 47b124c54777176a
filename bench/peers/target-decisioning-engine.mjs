import engine from '@adobe/target-decisioning-engine';
import { bestThree, rules } from './task.mjs';

const value = (fact) => ({ var: `mbox.${fact}` });
const conditions = {
  atLeast: (fact, limit) => ({ '>=': [value(fact), limit] }), atMost: (fact, limit) => ({ '<=': [value(fact), limit] }), oneOf: (fact, list) => ({ in: [value(fact), list] }),
  isNot: (fact, other) => ({ '!=': [value(fact), other] }), has: (fact, item) => ({ in: [item, value(fact)] }), lacks: (fact, item) => ({ '!': { in: [item, value(fact)] } }),
};
const globalMbox = 'target-global-mbox';

/** On-device decisioning with a ready artifact: an activity for each offer in the global mbox, which gives all that hold in one request. */
export async function open({ offers }) {
  const rulesOf = (offer, place) => ({
    ruleKey: offer.id,
    condition: { and: rules.map(({ fact, holds, parameter }) => conditions[holds](fact, offer[parameter])) },
    consequence: { name: globalMbox, options: [{ type: 'json', content: { place } }], metrics: [] },
    meta: { 'activity.id': place, 'activity.type': 'landing', 'experience.id': 0, 'audience.ids': [] },
  });
  const decisioning = await (engine.default ?? engine)({
    client: 'bench', organizationId: 'bench', pollingInterval: 0, telemetryEnabled: false, sendNotificationFunc: () => undefined, eventEmitter: () => undefined,
    artifactPayload: { version: '1.0.0', globalMbox, geoTargetingEnabled: false, responseTokens: [], remoteMboxes: [], remoteViews: [], localMboxes: [globalMbox], localViews: [], meta: {}, rules: { mboxes: { [globalMbox]: offers.map(rulesOf) }, views: {} } },
  });
  return {
    rank: async ({ id, ...parameters }) => {
      const { execute } = await decisioning.getOffers({ request: { id: { thirdPartyId: id }, context: { channel: 'web' }, execute: { mboxes: [{ index: 0, name: globalMbox, parameters }] } } });
      return bestThree(execute.mboxes.flatMap(({ options = [] }) => options.map(({ content }) => offers[content.place])));
    },
    close: () => decisioning.stopPolling(),
  };
}
