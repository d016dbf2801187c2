import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, type RefusalReason } from '../sources/http/refusal.ts';
import { ApiError, type ApiErrorCode } from './api-error.ts';
import { describeFault } from './describe-fault.ts';

/** Sends every error of the server, including Fastify's own, in the one documented form. */
export class ErrorAnswers {
  readonly #onFault: (fault: string) => void;

  /** @param onFault called for bugs, i.e. errors that are not the client's */
  constructor(onFault: (fault: string) => void) {
    this.#onFault = onFault;
  }

  serve(app: FastifyInstance): void {
    app.setErrorHandler((error: FastifyError | ApiError, request, reply) => this.send(error, request, reply));
    app.setNotFoundHandler((request, reply) => this.send(notFound(app, request), request, reply));
  }

  send(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): void {
    reply.send(this.begin(error, request, reply).body);
  }

  /** Sets status and headers, and reports bugs. @returns the error, whose form the caller chooses */
  begin(error: FastifyError | ApiError | Refusal, request: FastifyRequest, reply: FastifyReply): ApiError {
    const answer =
      error instanceof ApiError ? error : error instanceof Refusal ? fromIntake(error) : fromFramework(error, request);
    if (answer.status === 500) this.#onFault(describeFault(answer.cause ?? answer, request));
    if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', answer.retryAfterSeconds);
    // Makes a browser prompt for the password.
    if (answer.status === 401) reply.header('www-authenticate', 'Basic realm="tailrace", charset="UTF-8"');
    reply.code(answer.status).header('cache-control', 'no-store');
    return answer;
  }
}

/** Errors of an intake: the status tells a sender whether to retry. */
const refusals: Readonly<Record<RefusalReason, readonly [status: number, code: ApiErrorCode]>> = {
  invalid: [400, 'TAILRACE_REQUEST_INVALID'],
  'unknown-encoding': [415, 'TAILRACE_MEDIA_TYPE'],
  'too-large': [413, 'TAILRACE_BODY_TOO_LARGE'],
  busy: [429, 'TAILRACE_BUSY'],
  unavailable: [503, 'TAILRACE_NOT_READY'],
};

function fromIntake({ reason, message, remedy, retryAfterSeconds, cause }: Refusal): ApiError {
  return new ApiError(...refusals[reason], message, {
    cause,
    ...(remedy === undefined ? {} : { remedy }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function fromFramework(error: FastifyError, { id }: FastifyRequest): ApiError {
  const { statusCode = 500, message } = error;
  switch (statusCode) {
    case 413:
      return new ApiError(413, 'TAILRACE_BODY_TOO_LARGE', 'cannot read the body: it is too large', {
        remedy: 'Send a shorter statement.',
      });
    case 415:
      return new ApiError(415, 'TAILRACE_MEDIA_TYPE', 'cannot read the body: it is not sent as JSON', {
        remedy: 'Set the header Content-Type: application/json.',
      });
    case 503:
      return new ApiError(503, 'TAILRACE_NOT_READY', 'cannot answer: the server is closing', { retryAfterSeconds: 5 });
    default:
  }
  if (statusCode >= 400 && statusCode < 500) {
    return new ApiError(statusCode, 'TAILRACE_REQUEST_INVALID', `cannot read the request: ${message}`);
  }
  // The cause is for the operator; it may contain internals that a client should not see.
  return new ApiError(500, 'TAILRACE_INTERNAL', 'cannot answer: the server failed', {
    remedy: `The server printed the cause on its standard error, under "${id}".`,
    cause: error,
  });
}

function notFound(app: FastifyInstance, request: FastifyRequest): ApiError {
  const path = request.url.split('?')[0] ?? '';
  const method = (['GET', 'POST'] as const).find((candidate) => app.hasRoute({ method: candidate, url: path }));
  if (method !== undefined && method !== request.method) {
    return new ApiError(
      405,
      'TAILRACE_METHOD_REFUSED',
      `cannot ${request.method} "${path}": it answers to ${method} only`,
    );
  }
  return new ApiError(404, 'TAILRACE_NOT_FOUND', `cannot find "${path}": there is no such address`, {
    remedy: 'See /api/openapi.json for all of them.',
  });
}
