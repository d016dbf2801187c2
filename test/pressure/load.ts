import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { cloudFrontLine } from './log-line.ts';

const linesPerRequest = 1_000;

/** The outcome of sending at a steady rate. */
export interface Sent {
  lines: number;
  refused: number;
}

/**
 * Sends access logs at so many lines per second, and retries each request until it is accepted.
 *
 * @param name tells its requests apart from those of others
 */
export async function sendLogs(name: string, url: string, linesPerSecond: number, signal: AbortSignal): Promise<Sent> {
  const sent: Sent = { lines: 0, refused: 0 };
  const started = performance.now();
  const sendOne = async (number: number) => {
    const lines = Array.from({ length: linesPerRequest }, (_, n) => cloudFrontLine(number * linesPerRequest + n));
    const headers = { 'idempotency-key': `${name}-${number}` };
    for (;;) {
      const answer = await fetch(`${url}/ingest/ndjson`, { method: 'POST', headers, body: lines.join('') }).catch(
        () => undefined,
      );
      await answer?.text().catch(() => '');
      if (answer?.ok) break;
      sent.refused++;
      if (signal.aborted) return;
      await pause(200);
    }
    sent.lines += linesPerRequest;
  };
  const sender = async (first: number, step: number) => {
    for (let number = first; !signal.aborted; number += step) {
      const due = (number * linesPerRequest * 1000) / linesPerSecond;
      await pause(Math.max(0, due - (performance.now() - started)));
      await sendOne(number);
    }
  };
  const senders = 8;
  await Promise.all(Array.from({ length: senders }, (_, first) => sender(first, senders)));
  return sent;
}

/** Queries in a loop until the signal aborts. @returns answers by status */
export async function askForever(
  url: string,
  sql: (round: number) => string,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const statuses = new Map<string, number>();
  for (let round = 0; !signal.aborted; round++) {
    const answer = await fetch(`${url}/api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql: sql(round), format: 'csv' }),
      signal,
    }).catch(() => undefined);
    const status = String(answer?.status ?? 'none');
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    await answer?.arrayBuffer().catch(() => undefined);
    if (!answer?.ok) await pause(100);
  }
  return statuses;
}

/** Reads a large answer at some kilobytes per second. */
export async function readSlowly(url: string, sql: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const body = JSON.stringify({ sql, format: 'csv' });
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const asking = request(`${url}/api/query`, { method: 'POST', headers, signal });
      asking.on('error', () => resolve());
      asking.on('response', (response) => {
        const timer = setInterval(() => response.read(16 * 1024), 100);
        response.on('close', () => {
          clearInterval(timer);
          resolve();
        });
      });
      asking.end(body);
    });
    await pause(100);
  }
}

/** The longest time that /healthz took, milliseconds. */
export async function watchHealth(url: string, signal: AbortSignal): Promise<number> {
  let longestMs = 0;
  while (!signal.aborted) {
    const before = performance.now();
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    await answer?.text();
    longestMs = Math.max(longestMs, answer?.ok ? performance.now() - before : Number.POSITIVE_INFINITY);
    await pause(200);
  }
  return longestMs;
}
