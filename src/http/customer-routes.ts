import type { IRouter, Request } from 'express';
import { openCall, readJson, type RouteContext } from './call.js';
import { otherMethods } from './methods.js';
import { sendJson } from './respond.js';

/** What is known of a customer, or of a visitor. */
export function addCustomerRoutes(router: IRouter, context: RouteContext): void {
  const { services: { customers, visitors }, validate } = context;
  const open = (request: Request<{ id: string }>) => ({ call: openCall(request, context, ['customers']), id: validate('Id', request.params.id, '/path/id') });

  router.route('/v1/customers/:id')
    .put(async (request, response) => {
      const { call, id } = open(request);
      const { status, body } = await customers.put(id, validate('CustomerWrite', (await readJson(request)).value), call);
      sendJson(response, status, body);
    })
    .patch(async (request, response) => {
      const { call, id } = open(request);
      const { value } = await readJson(request, undefined, ['application/merge-patch+json', 'application/json']);
      sendJson(response, 200, await customers.patch(id, validate('CustomerPatch', value), call));
    })
    .get(async (request, response) => {
      const { call, id } = open(request);
      sendJson(response, 200, await customers.get(id, call));
    })
    .delete(async (request, response) => {
      const { call, id } = open(request);
      await customers.erase(id, call);
      response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
    })
    .all(otherMethods('GET', 'PUT', 'PATCH', 'DELETE'));

  router.route('/v1/customers/:id/link')
    .post(async (request, response) => {
      const { call, id } = open(request);
      sendJson(response, 200, await visitors.link(id, validate('VisitorLinkRequest', (await readJson(request)).value), call));
    })
    .all(otherMethods('POST'));

  router.route('/v1/visitors/:id')
    .delete(async (request, response) => {
      const { call, id } = open(request);
      await visitors.erase(id, call);
      response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
    })
    .all(otherMethods('DELETE'));

  router.route('/v1/visitors/:id/export')
    .get(async (request, response) => {
      const { call, id } = open(request);
      sendJson(response, 200, await visitors.export(id, call));
    })
    .all(otherMethods('GET'));

  router.route('/v1/customers/:id/export')
    .get(async (request, response) => {
      const { call, id } = open(request);
      sendJson(response, 200, await customers.export(id, call));
    })
    .all(otherMethods('GET'));
}
