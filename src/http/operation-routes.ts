import type { IRouter } from 'express';
import { ServiceError } from '../errors.js';
import { openCall, type RouteContext } from './call.js';
import { renderDocsPage } from './docs-page.js';
import { otherMethods } from './methods.js';
import { send, sendJson } from './respond.js';
import type { Specification } from './specification.js';

/** Metrics in a text format; a prom-client registry is one. */
export interface MetricsSource { readonly contentType: string; metrics(): Promise<string> }

/** For those who run the service, and for those who read about it. */
export function addOperationRoutes(router: IRouter, context: RouteContext, specification: Specification, metrics: MetricsSource | undefined): void {
  const docs = renderDocsPage(specification);

  router.route('/livez').get((_request, response) => send(response, 200, 'text/plain; charset=utf-8', 'ok\n')).all(otherMethods('GET'));

  router.route('/readyz').get((_request, response) => {
    const readiness = context.services.readiness();
    sendJson(response, readiness.ready ? 200 : 503, readiness);
  }).all(otherMethods('GET'));

  router.route('/metrics').get(async (request, response) => {
    openCall(request, context, ['admin']);
    if (metrics === undefined) throw new ServiceError('NOT_FOUND', 'The service runs without metrics.');
    send(response, 200, metrics.contentType, await metrics.metrics());
  }).all(otherMethods('GET'));

  const cached = { 'Cache-Control': 'no-cache' };
  router.route('/openapi.yaml').get((_request, response) => send(response, 200, 'application/yaml; charset=utf-8', specification.text, cached)).all(otherMethods('GET'));
  router.route('/docs').get((_request, response) => send(response, 200, 'text/html; charset=utf-8', docs.html, { ...cached, 'Content-Security-Policy': docs.contentSecurityPolicy, 'Referrer-Policy': 'no-referrer' })).all(otherMethods('GET'));
}
