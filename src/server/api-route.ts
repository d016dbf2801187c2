import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import type { Audience } from './access/request-access.ts';
import type { FileIngests } from './file-ingests.ts';
import type { Metrics } from './metrics.ts';
import type { RunningRequests } from './running-requests.ts';

/** What the routes work with. */
export interface ServerContext {
  readonly engine: Engine;
  readonly version: string;
  readonly metrics: Metrics;
  readonly running: RunningRequests;
  readonly pipelines: () => readonly PipelineStatus[];
  /** What is wrong with what the store holds, in words. */
  readonly damage: () => readonly string[];
  /** Takes files of other processes of the same user; absent where nothing is stored. */
  readonly fileIngests?: FileIngests;
}

/** Media types and what they hold; undefined for what has no JSON Schema. */
export type Content = Readonly<Record<string, z.ZodType | undefined>>;

/** One address as the OpenAPI document publishes it. */
export interface ApiOperation {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
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
  readonly headers?: z.ZodObject;
  /** What it is sent; undefined: nothing. */
  readonly body?: Content;
  /** The good answer. */
  readonly answer: { readonly description: string; readonly content: Content };
  /** Statuses with which it may fail, beside those of access. */
  readonly failures: readonly number[];
  /** What a failure looks like; default our own form. */
  readonly failure?: Content;
}

/** One address of the API: what it answers, and how that is published. */
export interface ApiRoute extends ApiOperation {
  readonly method: 'GET' | 'POST';
  /** Must return what Fastify sends, or throw. */
  readonly handler: (context: ServerContext, request: FastifyRequest, reply: FastifyReply) => unknown;
}
