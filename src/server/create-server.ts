import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Alerts } from '../alerts/run-alerts.ts';
import type { DestinationStatus } from '../destinations/run-destinations.ts';
import type { Engine } from '../engine/engine.ts';
import type { LakeStatus } from '../lake/follow-lake.ts';
import type { RetentionStatus } from '../ledger/retention-status.ts';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import { createPeriodReader } from '../rollups/period-reader.ts';
import type { HttpSource } from '../sources/http/http-source.ts';
import { type AllIntakeCounts, createIntakeCounts } from '../sources/http/intake-counts.ts';
import type { WindowStatus } from '../windows/window-entry.ts';
import { type AccessOptions, createAccessCheck } from './access/request-access.ts';
import type { ServerContext } from './api-route.ts';
import { apiRoutes } from './api-routes.ts';
import { compressAnswers } from './compress-answers.ts';
import { builtConsole, serveConsole } from './console-pages.ts';
import { ErrorAnswers } from './error-answers.ts';
import { createFeedReader } from './feed-reader.ts';
import type { FileIngests } from './file-ingests.ts';
import { asksForProduct, serveIntakes } from './intake-routes.ts';
import { createMetrics } from './metrics.ts';
import { PendingDownloads } from './pending-downloads.ts';
import { refuseClient } from './refuse-connection.ts';
import { readJsonBodies } from './request-json.ts';
import { headerTimeouts, type RequestPace, usualPace, watchPace } from './request-pace.ts';
import { RunningRequests } from './running-requests.ts';
import { securityHeaders } from './security-headers.ts';
import { stopServer } from './stop-server.ts';

export interface ServerOptions {
  /** Owned by the caller, who must close it after the server has stopped. */
  readonly engine: Engine;
  readonly config: AccessOptions & {
    /** 0 chooses a free port. */
    readonly port: number;
  };
  /** Takes logs sent over HTTP; without it senders receive an error. Owned by the caller, like the engine. */
  readonly intake?: HttpSource;
  /** Takes files that other processes of the same user hand over; without it that is refused. */
  readonly fileIngests?: FileIngests;
  /** Version of the program. */
  readonly version: string;
  /** Current state of the pipelines; HTTP intake is one of them. */
  readonly pipelines?: () => readonly PipelineStatus[];
  /** Current state of the destinations. */
  readonly destinations?: () => readonly DestinationStatus[];
  /** Current state of the lake; undefined without one. */
  readonly lake?: () => LakeStatus | undefined;
  /** Current state of the continuous queries. */
  readonly windows?: () => readonly WindowStatus[];
  /** Those of them that are saved over the API. */
  readonly savedWindows?: ServerContext['savedWindows'];
  /** What retention has done; undefined before its first look. */
  readonly retention?: () => RetentionStatus | undefined;
  /** What is watched; undefined where nothing is. */
  readonly alerts?: () => Alerts | undefined;
  /** Known damage of the stored data, in words. */
  readonly damage?: () => readonly string[];
  /** The range that the console opens on, `YYYY-MM-DD HH:MM:SS` UTC; default: by the data. */
  readonly opensOn?: ServerContext['opensOn'];
  /** Folder of the built console; default: that of this package. */
  readonly consoleFolder?: string;
  /** Minimum pace of requests. */
  readonly pace?: RequestPace;
  /** Called for each request that fails because of a bug, with a line for developers. */
  readonly onFault?: (fault: string) => void;
}

export interface TailraceServer {
  readonly app: FastifyInstance;
  /** Live counters of the HTTP intakes. */
  readonly intakeCounts: AllIntakeCounts;
  /**
   * Starts to accept requests.
   * @returns the address for the user, e.g. `http://127.0.0.1:4280`
   * @throws Error with a remedy when the address cannot be bound
   */
  listen(): Promise<string>;
  /** Refuses new requests, waits this long for the running ones, cancels the rest. Idempotent. */
  stop(graceMs?: number): Promise<void>;
}

/** A query is written by hand, but may contain a long list of values. */
const maxBodyBytes = 1024 * 1024;
const defaultGraceMs = 10_000;

/**
 * Builds the HTTP server over an open store; nothing listens yet.
 *
 * @throws Error with a remedy when the address is reachable from other machines without a token
 */
export async function createServer(options: ServerOptions): Promise<TailraceServer> {
  const {
    engine,
    config,
    version,
    pipelines = () => [],
    destinations = () => [],
    lake = () => undefined,
    windows = () => [],
    savedWindows = () => undefined,
    retention = () => undefined,
    alerts = () => undefined,
    damage = () => [],
    pace = usualPace,
    onFault = () => {},
  } = options;
  const errors = new ErrorAnswers(onFault);
  const intakeCounts = options.intake?.counts ?? createIntakeCounts();
  const context: ServerContext = {
    engine,
    version,
    readPeriods: createPeriodReader(engine),
    readFeeds: createFeedReader(engine),
    metrics: createMetrics({
      engine,
      pipelines,
      destinations,
      intakes: intakeCounts,
      lake,
      windows,
      retention,
      alerts,
      damage,
    }),
    running: new RunningRequests(),
    downloads: new PendingDownloads(),
    pipelines,
    destinations,
    lake,
    windows,
    savedWindows,
    retention,
    alerts,
    damage,
    ...(options.opensOn ? { opensOn: options.opensOn } : {}),
    ...(options.fileIngests ? { fileIngests: options.fileIngests } : {}),
  };
  const app: FastifyInstance = fastify({
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    // Errors before routing do not reach the error handler.
    frameworkErrors: (error, request, reply) => errors.send(error, request, reply),
    clientErrorHandler: refuseClient,
    http: headerTimeouts(pace),
  });
  watchPace(app.server, pace);
  // Plain text is what other sites may send without a CORS preflight.
  app.removeContentTypeParser('text/plain');
  readJsonBodies(app);
  errors.serve(app);
  addHooks(app, context, options);
  compressAnswers(app);
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
