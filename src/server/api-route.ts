import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import type { Audience } from './access/request-access.ts';
import type { Metrics } from './metrics.ts';
import type { RunningRequests } from './running-requests.ts';

/** What the routes work with. */
export interface ServerContext {
  readonly engine: Engine;
  readonly version: string;
  readonly metrics: Metrics;
  readonly running: RunningRequests;
  readonly pipelines: () => readonly PipelineStatus[];
}

/** Media types and what they hold; undefined for what has no JSON Schema. */
type Content = Readonly<Record<string, z.ZodType | undefined>>;

/** One address of the API: what it answers and how it is published in the OpenAPI document. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  /** As in OpenAPI: `/api/reports/{name}`. */
  readonly path: string;
  /** Whom it answers; default readers. */
  readonly audience?: Audience;
  /** Name of the operation for generated clients. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** The parts of the path in braces. */
  readonly pathParameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** The good answer; errors have one form everywhere. */
  readonly answer: { readonly description: string; readonly content: Content };
  /** Statuses with which it may fail. */
  readonly failures: readonly number[];
  /** Must return what Fastify sends, or throw. */
  readonly handler: (context: ServerContext, request: FastifyRequest, reply: FastifyReply) => unknown;
}
