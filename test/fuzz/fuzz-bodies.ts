import { join } from 'node:path';
import { expect } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { openSink } from '../../src/pipeline/open-sink.ts';
import { createServer } from '../../src/server/create-server.ts';
import { runningHttpSource } from '../../src/sources/test-doubles/running-http-source.ts';
import type { Store } from '../../src/store/open-store.ts';
import { inParallel } from '../attacks/in-parallel.ts';
import { fuzzRun } from './fuzz-run.ts';
import { type FuzzedRequest, fuzzedRequest } from './fuzzed-request.ts';
import { sampleFiles } from './sample-files.ts';

const samples = sampleFiles();
const senders = 4;

/** Sends bodies generated from the samples of all formats to all intakes; whatever they contain, the books balance. */
export async function fuzzBodies(store: Store, root: string): Promise<void> {
  const run = fuzzRun('fuzzed bodies', 2, 0.4, 300);
  const faults: string[] = [];
  const sink = openSink(store, { spoolDirectory: join(root, 'spool') });
  const server = await createServer({
    engine: store.engine,
    config: { host: '127.0.0.1', port: 0 },
    version: '1.2.3',
    consoleFolder: '/none',
    intake: runningHttpSource(sink),
    onFault: (fault) => faults.push(fault),
  });
  const url = await server.listen();
  const before = await booksOf(store.engine);
  const statuses: Record<string, number> = {};
  let sent = 0;
  try {
    for (let round = 0; sent < run.lines; round++) {
      const random = run.random(round);
      const requests: FuzzedRequest[] = [];
      for (let number = 0; number < 20; number++) {
        requests.push(await fuzzedRequest(samples, random, `${round}-${number}`, run.lines > 100_000 ? 8000 : 100));
      }
      const stored = new Map<string, number>();
      await inParallel(requests, senders, async (request) => {
        const name = `seed ${run.seed}, ${request.intake} ${request.version}`;
        const { status, text } = await send(url, request);
        const key = `${request.intake} ${status}`;
        statuses[key] = (statuses[key] ?? 0) + 1;
        expect([200, 400, 413, 415, 429], `${name} => ${text.slice(0, 500)}`).toContain(status);
        if (!request.isWhole || status === 429) return;
        const lines = linesTaken(name, request, status, text);
        if (lines !== undefined) stored.set(request.version, lines);
      });
      await expectStored(store.engine, `seed ${run.seed}`, stored);
      sent += requests.reduce((sum, { lines }) => sum + lines, 0);
      const books = await booksOf(store.engine);
      const lines = Object.values(server.intakeCounts).reduce((sum, counts) => sum + counts.lines, 0);
      expect(books.lines - before.lines, `seed ${run.seed}, round ${round}`).toBe(lines);
      if (run.lines > 100_000) console.info(`seed ${run.seed}, round ${round}`, statuses, sent);
    }
    console.info('fuzzed bodies:', statuses, 'lines:', sent);
    expect(faults).toEqual([]);
    for (const intake of ['ndjson', 'bulk', 'firehose', 'otlp']) expect(statuses[`${intake} 200`]).toBeGreaterThan(0);
  } finally {
    await server.stop(0);
    await sink.close();
  }
}

async function send(url: string, { path, headers, body }: FuzzedRequest): Promise<{ status: number; text: string }> {
  const answer = await fetch(url + path, { method: 'POST', body, headers });
  return { status: answer.status, text: await answer.text() };
}

/**
 * Whatever its lines contain, a well-formed request is accepted.
 * @returns how many lines of it the ledger must have; `undefined` where the intake does not let its sender name it
 */
function linesTaken(
  name: string,
  { intake, path, lines, isPlain }: FuzzedRequest,
  status: number,
  text: string,
): number | undefined {
  expect(status, `${name} => ${text.slice(0, 500)}`).toBe(intake === 'bulk' && lines === 0 ? 400 : 200);
  if (status !== 200 || intake === 'otlp') return undefined;
  if (intake === 'ndjson') {
    const books = JSON.parse(text) as Record<'rows' | 'rejected' | 'comments' | 'lines', number>;
    expect(books.rows + books.rejected + books.comments, name).toBe(books.lines);
    if (isPlain) expect(books.lines, name).toBe(lines);
    return books.lines;
  }
  if (intake === 'bulk') {
    if (!path.endsWith('_bulk')) return undefined;
    const { items } = JSON.parse(text) as { readonly items: readonly Record<string, { readonly status: number }>[] };
    expect(items.length, name).toBe(lines);
    const refused = items.filter((item) => Object.values(item)[0]?.status !== 201).length;
    return isPlain ? lines - refused : undefined;
  }
  return isPlain ? lines : undefined;
}

/** @param stored lines by version */
async function expectStored(engine: Engine, name: string, stored: ReadonlyMap<string, number>): Promise<void> {
  const found = await engine.rows<{ version: string; lines: number }>({
    sql: `SELECT splitByChar('#', ledger.version)[1] AS version, sum(lines) AS lines FROM ledger
          WHERE version IN {versions:Array(String)} GROUP BY version`,
    params: { versions: [...stored.keys()] },
  });
  const held = new Map(found.map(({ version, lines }) => [version, lines]));
  const wrong = [...stored].filter(([version, lines]) => (held.get(version) ?? 0) !== lines);
  expect(
    wrong.map(([version, lines]) => `${version}: ${lines} sent, ${held.get(version)} stored`),
    name,
  ).toEqual([]);
}

/** What the ledger says, which the tables hold. */
async function booksOf(engine: Engine): Promise<{ readonly lines: number }> {
  const [books] = await engine.rows<
    Record<'lines' | 'rows' | 'rejected' | 'comments' | 'held' | 'heldRejects', number>
  >({
    sql: `SELECT sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected, sum(comments) AS comments,
            (SELECT count() FROM requests) + (SELECT count() FROM logs) AS held, (SELECT count() FROM rejects) AS heldRejects
          FROM ledger`,
  });
  if (!books) throw new Error('BUG: a sum has a row');
  expect({ held: books.held, heldRejects: books.heldRejects }).toEqual({
    held: books.rows,
    heldRejects: books.rejected,
  });
  expect(books.rows + books.rejected + books.comments).toBe(books.lines);
  return books;
}
