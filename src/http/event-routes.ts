import type { IRouter } from 'express';
import { ServiceError } from '../errors.js';
import { bodyLimitBytes, bodyTooLarge, largeBodyLimitBytes } from './body.js';
import { openCall, readJson, type RouteContext } from './call.js';
import { otherMethods } from './methods.js';
import { toProblem } from './problem.js';
import { sendJson } from './respond.js';

const single = ['application/cloudevents+json', 'application/json'];
const batch = ['application/cloudevents-batch+json'];
const mostEvents = 500;

/** What happened: CloudEvents in their structured JSON form, one or a batch. */
export function addEventRoutes(router: IRouter, context: RouteContext): void {
  const { services: { events }, validate } = context;

  router.route('/v1/events').post(async (request, response) => {
    const call = openCall(request, context, ['record']);
    const { value, sizeBytes } = await readJson(request, largeBodyLimitBytes, [...single, ...batch]);
    if (!Array.isArray(value)) {
      if (sizeBytes > bodyLimitBytes) throw bodyTooLarge(bodyLimitBytes);
      return sendJson(response, 202, await events.take(validate('CloudEvent', value), call));
    }
    const tooMany = value.length > mostEvents ? value.slice(0, mostEvents + 1) : value;       // so that the rest is not looked at for nothing
    const results = (await events.takeBatch(validate('CloudEventBatch', tooMany), call)).map((result) => {
      if (!(result instanceof ServiceError)) return { status: 202, body: result };
      const problem = toProblem(result);
      return { status: problem.status, body: problem };
    });
    sendJson(response, results.every(({ status }) => status === 202) ? 202 : 200, results);
  }).all(otherMethods('POST'));
}
