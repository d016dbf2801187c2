import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isSameProcess, processStart } from '../engine/embedded/process-start.ts';
import type { OutputName } from '../engine/output-formats.ts';

/** Address and tokens of a running server. */
export interface ServerAddress {
  readonly url: string;
  /** Read token; undefined when reading needs none. */
  readonly token?: string | undefined;
  /** Token with which processes of the server's own user hand files over. */
  readonly ownToken?: string | undefined;
  /** For whoever may silence, replay and change continuous queries. */
  readonly operatorToken?: string | undefined;
}

/** How a process that serves a store publishes its address to other processes of the same user. */
interface RunningServer extends ServerAddress {
  readonly pid: number;
  /** Distinguishes the process from a later one with the same pid, which must not receive the token. */
  readonly start: string;
  readonly host: string;
}

const fileName = 'server.json';

export async function announceServer(directory: string, address: ServerAddress): Promise<void> {
  const server: RunningServer = {
    pid: process.pid,
    start: processStart(process.pid),
    host: hostname(),
    ...address,
  };
  // A new file, since an existing one may have wider permissions.
  const draft = join(directory, `${fileName}.${randomUUID()}`);
  await writeFile(draft, JSON.stringify(server), { mode: 0o600, flag: 'wx' });
  await rename(draft, join(directory, fileName));
}

export async function withdrawServer(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}

/** The running server of a store, if any: only one process may open the data, so the others query it. */
export async function findServer(directory: string): Promise<ServerAddress | undefined> {
  try {
    const server = JSON.parse(await readFile(join(directory, fileName), 'utf8')) as RunningServer;
    if (!isSameProcess(server)) return undefined;
    const answer = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(2000) });
    const { url, token, ownToken, operatorToken } = server;
    return answer.ok ? { url, token, ownToken, operatorToken } : undefined;
  } catch {
    return undefined;
  }
}

/** Headers of a request to the server. */
export function proofOf({ token }: ServerAddress): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** A query from the user. */
export interface Question {
  readonly sql: string;
  /** Values of its `{name:Type}` placeholders. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly format: OutputName;
}

/** Queries a running server and streams the answer. */
export async function* askServer(server: ServerAddress, question: Question): AsyncGenerator<Uint8Array> {
  const answer = await fetch(`${server.url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...proofOf(server) },
    body: JSON.stringify(question),
  });
  if (!answer.ok || !answer.body) throw new Error(await errorMessage(answer));
  for await (const chunk of answer.body) yield chunk;
}

/**
 * Asks a running server; what changes something is sent with the token of the server's own user.
 * @throws Error with the server's reason
 */
export function callServer<T>(server: ServerAddress, path: string, method = 'GET', body?: unknown): Promise<T> {
  const proof = method === 'GET' ? proofOf(server) : { authorization: `Bearer ${server.ownToken}` };
  return send(server.url + path, method, proof, body);
}

/** Sends a question that a path of its own answers. @throws Error with the server's reason */
export function postQuestion<T>(server: ServerAddress, path: string, body: unknown): Promise<T> {
  return send(server.url + path, 'POST', proofOf(server), body);
}

async function send<T>(url: string, method: string, proof: Record<string, string>, body: unknown): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { ...proof, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await errorMessage(answer));
  return (await answer.json()) as T;
}

/** @returns the server's reason for refusing */
export async function errorMessage(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return `the server at ${answer.url} answered ${answer.status}: ${text.slice(0, 200)}`;
  }
}
