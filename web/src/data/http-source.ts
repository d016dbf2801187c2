import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import type { DataSource, ReportAnswer, StoreRange } from './report-answer.ts';

/** Reads from the server that served the page; addresses are relative, so it works below any path. */
export const httpSource: DataSource = {
  isLive: true,
  readRange: (signal) => readJson<StoreRange>('api/range', { signal }),
  readReport: (name, parameters, signal) => {
    const query = new URLSearchParams({
      ...parameters,
      step: String(parameters.step),
      limit: String(parameters.limit),
    });
    return readJson<ReportAnswer>(`api/reports/${encodeURIComponent(name)}?${query}`, { signal });
  },
};

/** Result of `POST /api/query` with the format `json`. Rows are objects by column name. */
export interface QueryResult {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly rows: number;
}

export function runQuery(sql: string, signal: AbortSignal): Promise<QueryResult> {
  return readJson<QueryResult>('api/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, format: 'json' }),
    signal,
  });
}

export function readPipelines(signal: AbortSignal): Promise<PipelinesAnswer> {
  return readJson<PipelinesAnswer>('api/pipelines', { signal });
}

/** @throws Error with a text for people: what the server said, or that it did not answer. */
async function readJson<T>(address: string, request: RequestInit): Promise<T> {
  const response = await fetch(address, request).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause;
    throw new Error('The server does not answer. Is tailrace still running?', { cause });
  });
  if (!response.ok) throw new Error(await readProblem(response));
  try {
    return (await response.json()) as T;
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new Error('The answer broke off before its end.', { cause });
  }
}

async function readProblem(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string; remedy?: string } };
    if (error?.message) return [error.message, error.remedy].filter(Boolean).join('\n');
  } catch {
    // Not from our server (a proxy's page, say): the status says more than its HTML.
  }
  return `The server answered ${response.status} ${response.statusText}`.trim();
}
