import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputName } from '../engine/output-formats.ts';

/** How a process that serves a store tells others of the same user where it is. */
export interface RunningServer {
  readonly pid: number;
  readonly url: string;
}

const fileName = 'server.json';

export async function announceServer(directory: string, url: string): Promise<void> {
  const server: RunningServer = { pid: process.pid, url };
  await writeFile(join(directory, fileName), JSON.stringify(server), { mode: 0o600 });
}

export async function withdrawServer(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}

/** The server of a store, if one lives: only one process may open the data, so the others ask it. */
export async function findServer(directory: string): Promise<RunningServer | undefined> {
  try {
    const server = JSON.parse(await readFile(join(directory, fileName), 'utf8')) as RunningServer;
    process.kill(server.pid, 0);
    // The pid may be somebody else's by now: only a store that answers counts.
    const answer = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(2000) });
    return answer.ok ? server : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a running server and yields the answer as it comes. */
export async function* askServer(server: RunningServer, sql: string, format: OutputName): AsyncGenerator<Uint8Array> {
  const answer = await fetch(`${server.url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, format }),
  });
  if (!answer.ok || !answer.body) throw new Error(await errorMessage(answer));
  for await (const chunk of answer.body) yield chunk;
}

async function errorMessage(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return `the server at ${answer.url} answered ${answer.status}: ${text.slice(0, 200)}`;
  }
}
