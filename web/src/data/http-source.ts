import type { OutputName } from '../../../src/engine/output-formats.ts';
import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import type { RetentionAnswer } from '../../../src/server/routes/retention.ts';
import { reportAddress } from './report-address.ts';
import type { DataSource, ReportAnswer, StoreRange } from './report-answer.ts';

/** Reads from the server that served the page; addresses are relative, so it works below any path. */
export const httpSource: DataSource = {
  isLive: true,
  readRange: (signal) => readJson<StoreRange>('api/range', { signal }),
  readReport: (name, parameters, signal) => readJson<ReportAnswer>(reportAddress(name, parameters), { signal }),
};

/** Asks for the range already now, for a page whose code is still on its way; the first to read it gets that answer. */
export function askEarly(source: DataSource): DataSource {
  let early: Promise<StoreRange> | null = source.readRange(new AbortController().signal);
  // Its reader is told of a failure.
  early.catch(() => {});
  return {
    ...source,
    readRange(signal) {
      const answer = early ?? source.readRange(signal);
      early = null;
      return answer;
    },
  };
}

/** Result of `POST /api/query` with the format `json`. Rows are objects by column name. */
export interface QueryResult {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly rows: number;
}

/** @param limit most rows of the answer */
export function runQuery(
  sql: string,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<QueryResult> {
  return readJson<QueryResult>('api/query', postRequest({ sql, format: 'json', limit }, signal));
}

export interface SchemaColumn {
  /** As a statement names it. */
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** What it means; may be empty. */
  readonly comment: string;
}

/** The columns that a statement may read. */
export async function readSchema(signal: AbortSignal): Promise<readonly SchemaColumn[]> {
  return (await readJson<{ readonly columns: readonly SchemaColumn[] }>('api/schema', { signal })).columns;
}

/** @returns where the whole answer can be fetched, once, as a file */
export async function prepareDownload(sql: string, format: OutputName): Promise<string> {
  return (await readJson<{ readonly address: string }>('api/downloads', postRequest({ sql, format }))).address;
}

/** A request with a body in JSON. */
export function postRequest(body: unknown, signal?: AbortSignal): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  };
}

/** What became of the lines of a file. */
export interface StoredLines {
  readonly rows: number;
  readonly rejected: number;
}

/** Stores a log file through the HTTP intake; the same file again changes nothing. */
export function sendLogs(file: File): Promise<StoredLines> {
  const key = encodeURIComponent(`${file.size}-${file.lastModified}-${file.name}`).slice(0, 200);
  const headers = { 'content-type': 'application/octet-stream', 'idempotency-key': key };
  return readJson<StoredLines>('ingest/ndjson', { method: 'POST', headers, body: file });
}

export function readPipelines(signal: AbortSignal): Promise<PipelinesAnswer> {
  return readJson<PipelinesAnswer>('api/pipelines', { signal });
}

/** Null before the first look of retention. */
export function readRetention(signal: AbortSignal): Promise<RetentionAnswer | null> {
  return readJson<RetentionAnswer | null>('api/retention', { signal });
}

/** @throws Error with a message for the user: the server's own, or that it did not answer */
async function ask(address: string, request: RequestInit): Promise<Response> {
  const response = await fetch(address, request).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause;
    throw new Error('The server does not answer. Is tailrace still running?', { cause });
  });
  if (!response.ok) throw new Error(await readProblem(response));
  return response;
}

/** @throws Error as {@link ask} */
export async function readJson<T>(address: string, request: RequestInit): Promise<T> {
  const response = await ask(address, request);
  try {
    return (await response.json()) as T;
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new Error('The answer ended too early.', { cause });
  }
}

async function readProblem(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string; remedy?: string } };
    if (error?.message) return [error.message, error.remedy].filter(Boolean).join('\n');
  } catch {
    // Not from this server (e.g. a proxy's page): the status is more useful than its HTML.
  }
  return `The server answered ${response.status} ${response.statusText}`.trim();
}
