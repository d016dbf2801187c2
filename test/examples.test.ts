import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { readObjectName } from '../src/formats/object-name.ts';
import { ingestFiles } from '../src/pipeline/ingest-files.ts';
import { openStore } from '../src/store/open-store.ts';
import { copyPreparedStore } from './prepared-store.ts';

const directory = fileURLToPath(new URL('../examples/logs/', import.meta.url));
const readme = readFileSync(join(directory, 'README.md'), 'utf8');
const logs = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.(gz|log|txt)$/.test(path),
);
const simulated = logs.filter((path) => path.startsWith('simulated-edge'));

test('every file below examples/logs is a log or the README', () => {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBe(logs.length + 1);
});

test('the README lists every log', () => {
  const missing = logs.filter((path) => !readme.includes(`\`${path.replace(/^(genuine|simulated-edge)\//, '')}\``));
  expect(missing).toEqual([]);
});

test('every address of a viewer is masked', () => {
  const addresses = new Set(logs.flatMap((path) => viewers(path)));
  expect(addresses.size).toBeGreaterThan(1700);
  expect([...addresses].filter((address) => !isMask(address))).toEqual([]);
});

test('the files of the simulated edge are named as CloudFront names them, by the hour of their lines', () => {
  expect(simulated.length).toBeGreaterThan(80);
  for (const path of simulated) {
    expect(readObjectName(path).distribution).toBe('E2EXAMPLE1DEMO');
    const [, hour] = /\.(\d{4}-\d\d-\d\d-\d\d)\.[0-9a-f]{8}\.gz$/.exec(path) ?? [];
    const hours = new Set(rowsOf(path).rows.map(([date, time]) => `${date}-${time?.slice(0, 2)}`));
    expect([path, ...hours]).toEqual([path, hour]);
  }
});

test('all files are stored, but for the five broken lines that the README names', async () => {
  const store = await openStore({ directory: copyPreparedStore(await temporaryDirectory()) });
  try {
    const result = await ingestFiles(
      store,
      logs.map((path) => join(directory, path)),
    );
    expect(result).toMatchObject({ files: logs.length, rejected: 5, failed: [], drifts: [] });
    expect(readme).toContain(
      `${count(result.lines)} lines in ${logs.length} files: ${count(result.rows)} are rows, ${result.comments} are header lines`,
    );
    const origins = await store.engine.rows<{ file: string }>({
      sql: `SELECT DISTINCT extract(origin, '[^/]+$') AS file FROM rejects`,
    });
    expect(origins.length).toBe(1);
    expect(readme).toContain(`\`simulated-edge/${origins[0]?.file}\` has five lines`);
  } finally {
    await store.close();
  }
});

function viewers(path: string): string[] {
  const { columns, rows } = rowsOf(path);
  const address = columns.indexOf('c-ip');
  const forwarded = columns.indexOf('x-forwarded-for');
  // In a line that lacks a tab, later values are in the wrong columns.
  const whole = rows.filter((row) => row.length >= columns.length);
  const values = [...rows.map((row) => row[address] ?? ''), ...whole.map((row) => row[forwarded] ?? '-')];
  return values.filter((value) => value !== '-').flatMap((value) => value.split(/,(?:%20| )*/));
}

function rowsOf(path: string): { columns: string[]; rows: string[][] } {
  const bytes = readFileSync(join(directory, path));
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').split('\n');
  const columns =
    lines
      .find((line) => line.startsWith('#Fields:'))
      ?.split(/\s+/)
      .slice(1) ?? [];
  return {
    columns,
    rows: lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t')),
  };
}

function isMask(address: string): boolean {
  return /^198\.1[89]\.\d{1,3}\.\d{1,3}$/.test(address) || (isIPv6(address) && address.startsWith('fd'));
}

function count(value: number): string {
  return value.toLocaleString('en');
}

async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tailrace-examples-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
