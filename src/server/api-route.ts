import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Alerts } from '../alerts/run-alerts.ts';
import type { DestinationStatus } from '../destinations/run-destinations.ts';
import type { Engine } from '../engine/engine.ts';
import type { LakeStatus } from '../lake/follow-lake.ts';
import type { RetentionStatus } from '../ledger/retention-status.ts';
import type { PipelineStatus } from '../pipeline/run-pipelines.ts';
import type { ReadPeriods } from '../rollups/period-reader.ts';
import type { WindowStatus } from '../windows/window-entry.ts';
import type { Audience } from './access/request-access.ts';
import type { ReadFeeds } from './feed-reader.ts';
import type { FileIngests } from './file-ingests.ts';
import type { Metrics } from './metrics.ts';
import type { PendingDownloads } from './pending-downloads.ts';
import type { RunningRequests } from './running-requests.ts';
import type { SavedWindows } from './saved-windows.ts';

/** What the routes need. */
export interface ServerContext {
  readonly engine: Engine;
  readonly version: string;
  /** For reports that are answered from rollups. */
  readonly readPeriods: ReadPeriods;
  /** How the lines of each pipeline usually come. */
  readonly readFeeds: ReadFeeds;
  readonly metrics: Metrics;
  readonly running: RunningRequests;
  readonly downloads: PendingDownloads;
  readonly pipelines: () => readonly PipelineStatus[];
  readonly destinations: () => readonly DestinationStatus[];
  /** Undefined without one. */
  readonly lake: () => LakeStatus | undefined;
  /** Continuous queries. */
  readonly windows: () => readonly WindowStatus[];
  /** Undefined until the server answers continuous queries. */
  readonly savedWindows: () => SavedWindows | undefined;
  /** What retention has done; undefined before its first look. */
  readonly retention: () => RetentionStatus | undefined;
  /** Undefined where none are evaluated. */
  readonly alerts: () => Alerts | undefined;
  /** Known damage of the stored data, in words. */
  readonly damage: () => readonly string[];
  /** The range that the console opens on, `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly opensOn?: { readonly from: string; readonly to: string };
  /** Takes files from other processes of the same user; absent when the server stores nothing. */
  readonly fileIngests?: FileIngests;
}

/** Schemas by media type; undefined for a body without a JSON Schema. */
export type Content = Readonly<Record<string, z.ZodType | undefined>>;

/** One operation of the OpenAPI document. */
export interface ApiOperation {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** As in OpenAPI: `/api/reports/{name}`. */
  readonly path: string;
  /** Who may call it; default readers. */
  readonly audience?: Audience;
  /** Operation name for generated clients. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** The parts of the path in braces. */
  readonly pathParameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** Request body; undefined if there is none. */
  readonly body?: Content;
  /** The successful answer. */
  readonly answer: { readonly description: string; readonly content: Content };
  /** Error statuses, besides those of the access check. */
  readonly failures: readonly number[];
  /** Form of an error; default {@link ApiError}'s. */
  readonly failure?: Content;
}

/** One route of the API: its handler, and its entry in the OpenAPI document. */
export interface ApiRoute extends ApiOperation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Returns what Fastify sends, or throws. */
  readonly handler: (context: ServerContext, request: FastifyRequest, reply: FastifyReply) => unknown;
}
