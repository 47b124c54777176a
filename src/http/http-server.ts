import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import { ServiceError } from '../errors.js';
import type { Services } from '../service/service.js';
import { createAccess } from './access.js';
import type { ApiKey } from './api-keys.js';
import type { RouteContext } from './call.js';
import { addCatalogRoutes } from './catalog-routes.js';
import { refuseUnreadable } from './connection-errors.js';
import { addCustomerRoutes } from './customer-routes.js';
import { addEventRoutes } from './event-routes.js';
import { addDecisionRoutes } from './decision-routes.js';
import { createApplication } from './express-application.js';
import { invalidRequest } from './invalid-request.js';
import { addOperationRoutes, type MetricsSource } from './operation-routes.js';
import { takeQueuedConnections } from './queued-connections.js';
import { sendError, type HttpLogger } from './respond.js';
import { readSpecification, type Specification } from './specification.js';
import { watchSilentConnections, type SilentConnections } from './silent-connections.js';
import { trackUnderWay, type UnderWay } from './under-way.js';
import { createValidate } from './validation.js';

/** `route` is the path as openapi.yaml has it, or "none": it never holds a customer's id. `status` 499: the caller
 *  went away before the answer. */
export interface RequestDone { readonly route: string; readonly method: string; readonly status: number; readonly durationMs: number }

export interface HttpServerOptions {
  readonly services: Services;
  /** `null`: no keys; then only this machine is answered, and may do everything. */
  readonly keys: readonly ApiKey[] | null;
  readonly logger: HttpLogger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly metrics?: MetricsSource | undefined;
  readonly onRequestDone?: ((done: RequestDone) => void) | undefined;
  /** By default, the openapi.yaml of this package. */
  readonly specification?: Specification | undefined;
}

export interface HttpServer {
  readonly server: Server;
  /** Resolves when it listens; rejects where the port is taken. Port 0: any free one. */
  listen(port: number, host: string): Promise<AddressInfo>;
  answersUnderWay(): number;
  /** Takes no connections but those that callers have opened before, answers what is under way, has begun to arrive, or
   *  comes within `graceMs` on a connection that is open, and resolves when all are closed: each with its last answer, those
   *  that are idle after the grace. What is still open after `withinMs` is cut. */
  drain(limits?: DrainLimits): Promise<void>;
}

export interface DrainLimits {
  /** Default 0. */
  readonly graceMs?: number;
  /** Connections that callers opened before are taken until none came for so long: for a worker, who gets them from another
   *  process. Default 0: what lies ready. */
  readonly quietMs?: number;
  /** For so long at most; default 1,000. The other times begin after it. */
  readonly takeWithinMs?: number;
  readonly withinMs?: number;
}

const longestUrl = 2048;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { services, keys, logger, clock, metrics, onRequestDone } = options;
  const specification = options.specification ?? readSpecification();
  const { app, classes } = createApplication();
  const context: RouteContext = { services, access: createAccess(keys), validate: createValidate(specification), clock };
  const underWay = trackUnderWay();

  // What is asked most comes first: the paths are tried in this order.
  addDecisionRoutes(app, context);
  addEventRoutes(app, context);
  addCustomerRoutes(app, context);
  addCatalogRoutes(app, context);
  addOperationRoutes(app, context, specification, metrics);
  app.use(() => { throw new ServiceError('NOT_FOUND', 'There is no such path; /docs lists those that there are.'); });
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => sendError(request, response, error, logger));

  /** While the server stops listening, the requests that come: who is answered may at once open the next connection, and
   *  the queue would never be empty. `null`: all are begun. */
  let held: (() => void)[] | null = null;

  // Before Express, whose own way to a handler for all paths costs more than what is done here.
  function take(request: IncomingMessage, response: ServerResponse, serve: typeof app | typeof refuseExpectation = app): void {
    if (held !== null) return void held.push(() => { if (!request.socket.destroyed) take(request, response, serve); });
    if (!watch(request, response)) return;
    try {
      context.access.admit(request);
      refuseUrl(request.url!);
    } catch (error) {
      return sendError(request, response, error, logger);
    }
    serve(request, response);
  }

  function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    sendError(request, response, new ServiceError('INVALID_REQUEST', 'Of what a request may expect only 100-continue is known here: send it without Expect.'), logger);
  }

  function watch(request: IncomingMessage, response: ServerResponse): boolean {
    const startedMs = performance.now();
    return underWay.begin(request, response, () => {
      onRequestDone?.({ route: routeOf(request), method: request.method!, status: response.writableFinished ? response.statusCode : 499, durationMs: performance.now() - startedMs });
    });
  }

  // The Host header is asked for by `admit`, where it matters, so that its absence is told like all else.
  const server = createServer({ ...classes, requireHostHeader: false, headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000, keepAliveTimeout: 65_000 }, (request, response) => take(request, response));
  server.on('clientError', refuseUnreadable);
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => take(request, response, refuseExpectation));
  const silent = watchSilentConnections(server);

  return {
    server,
    listen: (port, host) => new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve(server.address() as AddressInfo);
      });
    }),
    answersUnderWay: underWay.count,
    drain: async ({ graceMs = 0, quietMs = 0, takeWithinMs = takeMs, withinMs = drainMs } = {}) => {
      underWay.closeConnections();
      const waiting = held = [];
      await takeQueuedConnections(server, { quietMs, withinMs: takeWithinMs });
      const letGo = (): void => {
        held = null;
        for (const begin of waiting as readonly (() => void)[]) begin();
      };
      await closeServer(server, { underWay, silent, letGo }, { graceMs, withinMs });
    },
  };
}

/** Together less than the 10 s that Docker gives a process to end: the store, the outbox and the log are closed after it. */
const takeMs = 1_000;
const drainMs = 7_000;

interface Closing {
  readonly underWay: UnderWay;
  readonly silent: SilentConnections;
  /** Begins the requests that came while the server stopped listening. */
  readonly letGo: () => void;
}

function closeServer(server: Server, { underWay, silent, letGo }: Closing, { graceMs, withinMs }: Required<Pick<DrainLimits, 'graceMs' | 'withinMs'>>): Promise<void> {
  const closeIdle = (): void => {
    void underWay.answersTaken().then(() => server.close());
    void silent.close();
  };
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    const grace = graceMs === 0 ? undefined : setTimeout(closeIdle, graceMs);
    // No new connections; `close` of an HTTP server cuts those that it takes for idle, too, and a connection whose caller
    // has yet to take its answer is among them.
    NetServer.prototype.close.call(server, () => {
      clearTimeout(cut);
      clearTimeout(grace);
      if (graceMs > 0) server.close();      // ends its watch over connections
      resolve();
    });
    letGo();
    if (graceMs === 0) closeIdle();
  });
}

function refuseUrl(url: string): void {
  if (url.length > longestUrl) throw new ServiceError('URL_TOO_LONG', `The URL has more than ${longestUrl} characters.`);
  const query = url.indexOf('?');
  if (query === -1 || query === url.length - 1 || !url.startsWith('/v1/')) return;
  throw invalidRequest({ pointer: '/query', detail: 'there are no query parameters here; what a call takes is in /docs' });
}

/** By the path as Express has it. */
const routes = new Map<string, string>();

function routeOf(request: IncomingMessage & { readonly route?: { readonly path: string } }): string {
  if (request.route === undefined) return 'none';
  const { path } = request.route;
  let route = routes.get(path);
  if (route === undefined) routes.set(path, route = path.replace(/:(\w+)/g, '{$1}'));
  return route;
}
