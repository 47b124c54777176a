import type { IRouter } from 'express';
import { ServiceError } from '../errors.js';
import type { CallContext } from '../service/service.js';
import { requireScope } from './access.js';
import { bodyLimitBytes, bodyTooLarge, largeBodyLimitBytes } from './body.js';
import { openCall, readJson, type RouteContext } from './call.js';
import { otherMethods } from './methods.js';
import { toProblem } from './problem.js';
import { jsonType, send, sendJson } from './respond.js';

/** What to offer, and what became of it. */
export function addDecisionRoutes(router: IRouter, context: RouteContext): void {
  const { services, validate } = context;

  router.route('/v1/decisions').post(async (request, response) => {
    const call = openCall(request, context, ['decide']);
    const body = validate('DecisionRequest', (await readJson(request)).value);
    if (body.record === 'presented') requireScope(call, ['record'], '"record": "presented"');
    if (body.at !== undefined) requireScope(call, ['simulate'], '"at"');
    send(response, 200, jsonType, await services.decisions.decide(body, call));
  }).all(otherMethods('POST'));

  router.route('/v1/outcomes').post(async (request, response) => {
    const call = openCall(request, context, ['record']);
    const { value, sizeBytes } = await readJson(request, largeBodyLimitBytes);
    if (Array.isArray(value)) return sendJson(response, 200, await recordBatch(value, call));
    if (sizeBytes > bodyLimitBytes) throw bodyTooLarge(bodyLimitBytes);
    const { status, body } = await services.outcomes.record(validate('OutcomeRequest', value), call);
    sendJson(response, status, body);
  }).all(otherMethods('POST'));

  async function recordBatch(values: readonly unknown[], call: CallContext): Promise<unknown> {
    const tooMany = values.length > 100 ? values.slice(0, 101) : values;       // so that the rest is not looked at for nothing
    const results = await services.outcomes.recordBatch(validate('OutcomeBatch', tooMany), call);
    return results.map((result) => {
      if (!(result instanceof ServiceError)) return result;
      const problem = toProblem(result);
      return { status: problem.status, body: problem };
    });
  }
}
