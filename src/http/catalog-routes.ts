import type { IRouter } from 'express';
import { largeBodyLimitBytes } from './body.js';
import { openCall, readJson, type RouteContext } from './call.js';
import { otherMethods } from './methods.js';
import { jsonType, send, sendJson } from './respond.js';

/** What decides. */
export function addCatalogRoutes(router: IRouter, context: RouteContext): void {
  const { services: { catalog }, validate } = context;

  router.route('/v1/catalog').get(async (request, response) => {
    openCall(request, context, ['decide', 'admin']);
    send(response, 200, jsonType, await catalog.describe());
  }).all(otherMethods('GET'));

  router.route('/v1/catalog/validate').post(async (request, response) => {
    openCall(request, context, ['admin']);
    const { value } = await readJson(request, largeBodyLimitBytes);
    sendJson(response, 200, await catalog.validate(validate('CatalogCandidate', value)));
  }).all(otherMethods('POST'));
}
