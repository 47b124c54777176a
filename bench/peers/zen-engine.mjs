import { ZenDecisionContent, ZenEngine } from '@gorules/zen-engine';
import { bestThree, rules } from './task.mjs';

const cells = {
  atLeast: (value) => `>= ${value}`, atMost: (value) => `<= ${value}`, oneOf: (list) => list.map((item) => `"${item}"`).join(', '),
  isNot: (value) => `$ != "${value}"`, has: (value) => `"${value}" in $`, lacks: (value) => `"${value}" not in $`,
};

/** One decision table with a row for each offer that collects all that hold; compiled once. */
export async function open({ offers }) {
  const columns = rules.map(({ id, fact, holds, parameter }) => ({ id, fact, cellOf: (offer) => cells[holds](offer[parameter]) }));
  const table = {
    hitPolicy: 'collect',
    inputs: columns.map(({ id, fact }) => ({ id, name: fact, field: fact })),
    outputs: [{ id: 'place', name: 'place', field: 'place' }],
    rules: offers.map((offer, place) => ({ _id: offer.id, ...Object.fromEntries(columns.map(({ id, cellOf }) => [id, cellOf(offer)])), place: String(place) })),
  };
  const graph = {
    nodes: [{ id: 'in', name: 'request', type: 'inputNode' }, { id: 'table', name: 'offers', type: 'decisionTableNode', content: table }, { id: 'out', name: 'response', type: 'outputNode' }],
    edges: [{ id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' }, { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' }],
  };
  const engine = new ZenEngine();
  const decision = engine.createDecision(new ZenDecisionContent(graph));
  return {
    rank: async (customer) => {
      const { result } = await decision.evaluate(customer);
      return bestThree(result.map(({ place }) => offers[place]));
    },
    close: () => engine.dispose(),
  };
}
