import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Engine } from '../engine/engine.ts';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import type { HttpSource } from '../sources/http/http-source.ts';
import { type AllIntakeCounts, createIntakeCounts } from '../sources/http/intake-counts.ts';
import { type AccessOptions, createAccessCheck } from './access/request-access.ts';
import type { ServerContext } from './api-route.ts';
import { apiRoutes } from './api-routes.ts';
import { builtConsole, serveConsole } from './console-pages.ts';
import { ErrorAnswers } from './error-answers.ts';
import type { FileIngests } from './file-ingests.ts';
import { asksForProduct, serveIntakes } from './intake-routes.ts';
import { createMetrics } from './metrics.ts';
import { refuseClient } from './refuse-connection.ts';
import { readJsonBodies } from './request-json.ts';
import { headerTimeouts, type RequestPace, usualPace, watchPace } from './request-pace.ts';
import { RunningRequests } from './running-requests.ts';
import { securityHeaders } from './security-headers.ts';
import { stopServer } from './stop-server.ts';

export interface ServerOptions {
  /** Stays the caller's: it must be closed after the server was stopped. */
  readonly engine: Engine;
  readonly config: AccessOptions & {
    /** 0 takes a free one. */
    readonly port: number;
  };
  /** Takes logs that are sent over HTTP; without it their senders are told so. Stays the caller's, as the engine does. */
  readonly intake?: HttpSource;
  /** Takes files that other processes of the same user hand over; without it nobody may. */
  readonly fileIngests?: FileIngests;
  /** The program's version. */
  readonly version: string;
  /** How the pipelines run at this moment; what comes in over HTTP is one of them. */
  readonly pipelines?: () => readonly PipelineStatus[];
  /** What is known to be wrong with what the store holds, in words. */
  readonly damage?: () => readonly string[];
  /** Folder of the built console; default the one of this package. */
  readonly consoleFolder?: string;
  /** How slowly requests may come in. */
  readonly pace?: RequestPace;
  /** Told of each request that fails by our own fault, in lines for whoever mends it. */
  readonly onFault?: (fault: string) => void;
}

export interface TailraceServer {
  readonly app: FastifyInstance;
  /** What came in over HTTP; it goes on counting. */
  readonly intakeCounts: AllIntakeCounts;
  /**
   * Begins to accept requests.
   * @returns the address for people, e.g. `http://127.0.0.1:4280`
   * @throws Error that says what to do when the address cannot be taken
   */
  listen(): Promise<string>;
  /** Takes no new requests, lets the running ones end for so long, cancels the rest. Idempotent. */
  stop(graceMs?: number): Promise<void>;
}

/** A question is text that a person wrote; a list of values in it may be long. */
const maxBodyBytes = 1024 * 1024;
const defaultGraceMs = 10_000;

/**
 * Builds the HTTP server over an open store; nothing listens yet.
 *
 * @throws Error that says what to do when strangers could read it, or send logs to it
 */
export async function createServer(options: ServerOptions): Promise<TailraceServer> {
  const {
    engine,
    config,
    version,
    pipelines = () => [],
    damage = () => [],
    pace = usualPace,
    onFault = () => {},
  } = options;
  const errors = new ErrorAnswers(onFault);
  const intakeCounts = options.intake?.counts ?? createIntakeCounts();
  const context: ServerContext = {
    engine,
    version,
    metrics: createMetrics(engine, pipelines, intakeCounts, damage),
    running: new RunningRequests(),
    pipelines,
    damage,
    ...(options.fileIngests ? { fileIngests: options.fileIngests } : {}),
  };
  const app: FastifyInstance = fastify({
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    // Errors before routing do not come to the error handler.
    frameworkErrors: (error, request, reply) => errors.send(error, request, reply),
    clientErrorHandler: refuseClient,
    http: headerTimeouts(pace),
  });
  watchPace(app.server, pace);
  // Text is what other sites may send without asking first.
  app.removeContentTypeParser('text/plain');
  readJsonBodies(app);
  errors.serve(app);
  addHooks(app, context, options);
  for (const { method, path, audience = 'readers', handler } of apiRoutes) {
    const url = path.replace(/\{(\w+)\}/g, ':$1');
    app.route({ method, url, config: { audience }, handler: (request, reply) => handler(context, request, reply) });
  }
  serveIntakes(app, {
    source: options.intake,
    counts: intakeCounts,
    running: context.running,
    errors,
  });
  await serveConsole(app, options.consoleFolder ?? builtConsole);
  let stopped: Promise<void> | undefined;
  return {
    app,
    intakeCounts,
    listen: () => listen(app, config),
    stop(graceMs = defaultGraceMs) {
      stopped ??= stopServer(app, context.running, graceMs);
      return stopped;
    },
  };
}

function addHooks(
  app: FastifyInstance,
  { metrics }: ServerContext,
  { config, intake, fileIngests }: ServerOptions,
): void {
  const checkAccess = createAccessCheck(config, fileIngests?.token);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const { audience = 'readers' } = request.routeOptions.config ?? {};
    checkAccess(request, intake && asksForProduct(request) ? 'senders' : audience);
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.countRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode);
  });
}

async function listen(app: FastifyInstance, { host, port }: ServerOptions['config']): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    throw new Error(`cannot listen on "${host}:${port}": ${listenProblems[String(code)] ?? String(cause)}`, { cause });
  }
}

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it or choose another port',
  EACCES: 'permission denied; choose a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address; choose one that it has, or 0.0.0.0 for all',
  ENOTFOUND: 'no machine of this name is known; choose an address of this machine',
};
