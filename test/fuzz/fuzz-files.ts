import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Random } from '../../bench/traffic/random.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { formats } from '../../src/formats/catalog.ts';
import { logFormats } from '../../src/formats/logs/catalog.ts';
import type { InputHints } from '../../src/layouts/find-layout.ts';
import { inspectInput } from '../../src/layouts/inspect-input.ts';
import { hasBoundedLines } from '../../src/pipeline/bounded-lines.ts';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import type { Store } from '../../src/store/open-store.ts';
import { cutAtNewlines } from '../cut-at-newlines.ts';
import { fuzzRun } from './fuzz-run.ts';
import { fuzzedLines } from './fuzzed-lines.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { sampleFiles } from './sample-files.ts';

interface WrittenFile {
  readonly path: string;
  readonly lines: readonly Buffer[];
  /** Whether each of its lines is one that is counted, and not a document of many. */
  readonly isPlain: boolean;
}

const samples = sampleFiles();

/** Stores files generated from the samples of all formats; whatever they contain, the books balance. */
export async function fuzzFiles(store: Store, root: string): Promise<void> {
  const run = fuzzRun('fuzzed files', 1, 0.6, 1500);
  const isLong = run.lines > 100_000;
  const seen = { files: 0, lines: 0, rows: 0, rejected: 0, comments: 0, failed: 0 };
  for (let round = 0; seen.lines < run.lines; round++) {
    const random = run.random(round);
    const folder = join(root, `round-${round}`);
    mkdirSync(folder);
    const hints = round % 3 === 2 ? hintsOf(random) : {};
    const written: WrittenFile[] = [];
    for (let number = 0; number < (isLong ? 40 : 12); number++) {
      written.push(await writeFuzzed(join(folder, `${number}`), random, hints, isLong ? 20_000 : 300));
    }
    const name = `seed ${run.seed}, round ${round}`;
    const paths = written.map(({ path }) => path);
    const { failed } = await ingestFiles(store, paths, { hints });
    for (const { path, problem } of failed) {
      seen.failed++;
      expect(problem.length, `${name}, ${path}`).toBeGreaterThan(20);
      expect(problem, `${name}, ${path}`).not.toMatch(/BUG|cannot run the query|Code: \d+|Exception/);
    }
    const stored = written.filter(({ path }) => !failed.some((file) => file.path === path));
    await expectBooks(store.engine, name, stored, seen);
    await expectRejectedBytes(store.engine, name, stored);
    seen.files += written.length;
    seen.lines += written.reduce((sum, { lines }) => sum + lines.length, 0);
    rmSync(folder, { recursive: true });
    if (isLong) console.info(name, seen);
  }
  console.info('fuzzed files:', seen);
  // A run that never stores, rejects or refuses anything would prove nothing.
  for (const number of Object.values(seen)) expect(number).toBeGreaterThan(0);
}

function hintsOf(random: Random): InputHints {
  const [format, logFormat] = [random.pick(formats), random.pick(logFormats)];
  return random.chance(0.5) ? { format } : { logFormat };
}

async function writeFuzzed(path: string, random: Random, hints: InputHints, maxLines: number): Promise<WrittenFile> {
  const count = random.pick([1, 20, 100, maxLines / 4, maxLines]);
  const content = fuzzedLines(random.pick(samples), samples, count, random);
  const isGzip = random.chance(0.2);
  let bytes: Buffer = isGzip ? gzipSync(content, { level: 1 }) : content;
  const isDamaged = isGzip && random.chance(0.1);
  if (isDamaged) bytes = mutateBytes(bytes, random, content);
  writeFileSync(path, bytes);
  const inspected = await inspectInput(path, hints).catch(() => undefined);
  const isAsItIs = inspected !== undefined && inspected.file.unpacking === undefined;
  const isPlain = !isDamaged && isAsItIs && hasBoundedLines(inspected.layout);
  return { path, lines: cutAtNewlines(content), isPlain };
}

async function expectBooks(
  engine: Engine,
  name: string,
  written: readonly WrittenFile[],
  seen: { rows: number; rejected: number; comments: number },
): Promise<void> {
  const params = { origins: written.map(({ path }) => path) };
  const ledger = await engine.rows<Record<'lines' | 'rows' | 'rejected' | 'comments', number> & { origin: string }>({
    sql: `SELECT origin, sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected, sum(comments) AS comments
          FROM ledger WHERE origin IN {origins:Array(String)} GROUP BY origin`,
    params,
  });
  const [held] = await engine.rows<{ rows: number; rejected: number }>({
    sql: `WITH batches AS (SELECT batch FROM ledger WHERE origin IN {origins:Array(String)})
          SELECT
            (SELECT count() FROM requests WHERE batch IN batches) + (SELECT count() FROM logs WHERE batch IN batches) AS rows,
            (SELECT count() FROM rejects WHERE batch IN batches) AS rejected`,
    params,
  });
  const total = { rows: 0, rejected: 0 };
  for (const { origin, lines, rows, rejected, comments } of ledger) {
    const file = written.find(({ path }) => path === origin);
    expect(rows + rejected + comments, `${name}, ${origin}`).toBe(lines);
    if (file?.isPlain) expect(lines, `${name}, ${origin}`).toBe(file.lines.length);
    total.rows += rows;
    total.rejected += rejected;
    seen.comments += comments;
  }
  const unknown = written.filter(
    ({ path, lines }) => lines.length > 0 && !ledger.some(({ origin }) => origin === path),
  );
  expect(
    unknown.map(({ path }) => path),
    name,
  ).toEqual([]);
  expect(held, name).toEqual(total);
  seen.rows += total.rows;
  seen.rejected += total.rejected;
}

/** Of some of them. */
async function expectRejectedBytes(engine: Engine, name: string, written: readonly WrittenFile[]): Promise<void> {
  const plain = written.filter(({ isPlain }) => isPlain);
  const rejects = await engine.rows<{ origin: string; number: number; bytes: string }>({
    sql: `SELECT origin, line_number AS number, hex(line) AS bytes FROM rejects
          WHERE origin IN {origins:Array(String)} AND cityHash64(origin, line_number) % 7 = 0 LIMIT 2000`,
    params: { origins: plain.map(({ path }) => path) },
  });
  for (const { origin, number, bytes } of rejects) {
    const line = plain.find(({ path }) => path === origin)?.lines[number - 1];
    expect(Buffer.from(bytes, 'hex').equals(line ?? Buffer.from('no such line')), `${name}, ${origin}:${number}`).toBe(
      true,
    );
  }
}
