import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bulkIntake } from '../sources/http/bulk/bulk-intake.ts';
import { elasticAnswer } from '../sources/http/bulk/elastic-answer.ts';
import { handshakeRoutes, productAnswer } from '../sources/http/bulk/handshake.ts';
import { firehoseIntake } from '../sources/http/firehose/firehose-intake.ts';
import type { HttpSource } from '../sources/http/http-source.ts';
import type { Answer, Intake } from '../sources/http/intake.ts';
import type { AllIntakeCounts, IntakeCounts } from '../sources/http/intake-counts.ts';
import { ndjsonIntake } from '../sources/http/ndjson-intake.ts';
import { otlpIntake } from '../sources/http/otlp/otlp-intake.ts';
import { discardRest } from '../sources/http/read-body.ts';
import type { Audience } from './access/request-access.ts';
import { ApiError } from './api-error.ts';
import type { ErrorAnswers } from './error-answers.ts';
import type { RunningRequests } from './running-requests.ts';

const intakes: readonly Intake[] = [firehoseIntake, ndjsonIntake, bulkIntake, otlpIntake];

const forSenders: { readonly audience: Audience } = { audience: 'senders' };

export interface IntakeOptions {
  /** Takes the logs; without it senders receive an error. */
  readonly source: HttpSource | undefined;
  readonly counts: AllIntakeCounts;
  readonly running: RunningRequests;
  readonly errors: ErrorAnswers;
}

/** Registers the routes of the intakes. */
export function serveIntakes(app: FastifyInstance, options: IntakeOptions): void {
  const { source, running } = options;
  for (const intake of intakes) {
    app.register(async (scope) => {
      openScope(scope, intake, options.errors);
      countAnswers(scope, options.counts[intake.name]);
      for (const { method, url } of intake.routes) {
        scope.route({
          method,
          url,
          config: forSenders,
          handler: async (request, reply) => {
            if (source === undefined) throw takesNothing();
            return sendAnswer(reply, await source.take(intake, request, running.begin(reply, 'intake')));
          },
        });
      }
    });
  }
  if (source) serveHandshake(app, options.errors);
}

function takesNothing(): ApiError {
  return new ApiError(503, 'TAILRACE_NOT_READY', 'cannot take logs: this server only answers questions', {
    remedy: 'Send them to a server that was started with "tailrace up".',
  });
}

/** Settings shared by all routes of an intake: how bodies are read, and the form of errors. */
function openScope(scope: FastifyInstance, { headers = {}, refuse }: Intake, errors: ErrorAnswers): void {
  // The intake reads bodies itself, whatever their content type.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _body, done) => done(null));
  scope.addHook('onRequest', async (request) => {
    // Fastify would refuse a malformed content type; here it counts as a missing one.
    if (!request.mediaType) delete request.raw.headers['content-type'];
  });
  scope.addHook('onSend', async (_request, reply) => {
    reply.headers(headers);
  });
  scope.setErrorHandler(async (error: FastifyError | ApiError, request, reply) => {
    discardRest(request.raw);
    return sendAnswer(reply, await refuse(errors.begin(error, request, reply), request));
  });
}

function countAnswers(scope: FastifyInstance, counts: IntakeCounts): void {
  scope.addHook('onResponse', async (_request, { statusCode }) => {
    counts.requests++;
    if (statusCode === 429) counts.refused.busy++;
    else if (statusCode >= 500) counts.refused.unavailable++;
    else if (statusCode >= 400) counts.refused.invalid++;
  });
}

/** Requests that clients of the bulk intake make before they send. */
function serveHandshake(app: FastifyInstance, errors: ErrorAnswers): void {
  app.register(async (scope) => {
    openScope(scope, bulkIntake, errors);
    for (const { method, url, answer } of handshakeRoutes) {
      scope.route({
        method,
        url,
        config: forSenders,
        handler: (request, reply) => {
          const { name = '' } = request.params as { readonly name?: string };
          return sendAnswer(reply, elasticAnswer(answer(name), request));
        },
      });
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!asksForProduct(request)) return;
    return sendAnswer(reply.headers(bulkIntake.headers ?? {}), elasticAnswer(productAnswer, request));
  });
}

/** Clients of the bulk intake request `/` to identify the server; browsers get the console there. */
export function asksForProduct({ headers, method, url }: FastifyRequest): boolean {
  const isPage = headers.accept?.includes('text/html') === true;
  return !isPage && url.split('?')[0] === '/' && (method === 'GET' || method === 'HEAD');
}

function sendAnswer(reply: FastifyReply, { contentType, body }: Answer): FastifyReply {
  // As bytes, because Fastify adds a charset to the content type of a string.
  return reply.header('content-type', contentType).send(Buffer.from(body));
}
