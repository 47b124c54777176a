import type { IRouter } from 'express';
import { ServiceError } from '../errors.js';
import { bodyLimitBytes, bodyTooLarge, largeBodyLimitBytes } from './body.js';
import { openCall, readJson, type RouteContext } from './call.js';
import { invalidRequest } from './invalid-request.js';
import { otherMethods } from './methods.js';
import { toProblem } from './problem.js';
import { sendJson } from './respond.js';
import { withoutUnset } from './unset-attributes.js';

const single = 'application/cloudevents+json';
const batch = 'application/cloudevents-batch+json';
const either = 'application/json';
const mostEvents = 500;

/** What happened: CloudEvents in their structured JSON form, one or a batch. */
export function addEventRoutes(router: IRouter, context: RouteContext): void {
  const { services: { events }, validate } = context;

  router.route('/v1/events').post(async (request, response) => {
    const call = openCall(request, context, ['record']);
    const { value, sizeBytes, contentType } = await readJson(request, largeBodyLimitBytes, [single, either, batch]);
    expectKind(contentType, Array.isArray(value));
    if (!Array.isArray(value)) {
      if (sizeBytes > bodyLimitBytes) throw bodyTooLarge(bodyLimitBytes);
      return sendJson(response, 202, await events.take(validate('CloudEvent', withoutUnset(value)), call));
    }
    const tooMany = value.length > mostEvents ? value.slice(0, mostEvents + 1) : value;       // so that the rest is not looked at for nothing
    const results = (await events.takeBatch(validate('CloudEventBatch', tooMany.map(withoutUnset)), call)).map((result) => {
      if (!(result instanceof ServiceError)) return { status: 202, body: result };
      const problem = toProblem(result);
      return { status: problem.status, body: problem };
    });
    sendJson(response, results.every(({ status }) => status === 202) ? 202 : 200, results);
  }).all(otherMethods('POST'));
}

function expectKind(contentType: string, isBatch: boolean): void {
  if (isBatch && contentType === single) throw invalidRequest({ pointer: '', detail: `is a list, and ${single} is one event: send it as ${batch}` });
  if (!isBatch && contentType === batch) throw invalidRequest({ pointer: '', detail: `is no list, and ${batch} is one: send a single event as ${single}` });
}
