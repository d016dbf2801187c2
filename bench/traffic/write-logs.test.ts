import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Layout, writeLogs } from './write-logs.ts';

const rows = 60_000;
let root = '';
let lines: string[] = [];

async function write(layout: Layout, name: string, options: { seed?: number; threads?: number; files?: number } = {}) {
  return writeLogs({ rows, directory: join(root, name), layout, threads: 0, ...options });
}

function readLines(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString('latin1').split('\n').slice(0, -1);
}

function dataLines(files: readonly string[]): string[] {
  return files.flatMap(readLines).filter((line) => !line.startsWith('#'));
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'write-logs-'));
  const written = await write('one', 'one');
  lines = dataLines(written.files);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const column = (number: number): string[] => lines.map((line) => line.split('\t')[number - 1] ?? '');
const share = (values: readonly string[], matches: (value: string) => boolean): number =>
  values.filter(matches).length / values.length;

test('every line has 33 fields and no byte that CloudFront would have encoded', () => {
  expect(lines).toHaveLength(rows);
  expect(lines.filter((line) => line.split('\t').length !== 33)).toEqual([]);
  expect(
    lines.filter((line) => /[^\t\x21-\x7e]|["<>\\^`{}|~[\]']|%(?![0-9A-F]{2})/.test(line.replaceAll('\t', ''))),
  ).toEqual([]);
});

test('values have their forms', () => {
  const forms: [number, RegExp][] = [
    [1, /^2026-11-10$/],
    [2, /^([01]\d|2[0-3])(:[0-5]\d){2}$/],
    [3, /^[A-Z]{3}\d\d-[PC]\d$/],
    [4, /^\d+$/],
    [9, /^\d{3}$/],
    [15, /^[A-Za-z0-9_-]{54}==$/],
    [19, /^\d+\.\d{3}$/],
    [28, /^\d+\.\d{3}$/],
    [31, /^(-|\d+)$/],
  ];
  for (const [number, form] of forms) expect(column(number).filter((value) => !form.test(value))).toEqual([]);
  expect(new Set(column(15)).size).toBe(rows);
});

test('it is shaped like the traffic it was modelled on', () => {
  const distinct = (number: number): number => new Set(column(number)).size;
  expect(distinct(8) / (5.8 * rows ** 0.7)).toBeGreaterThan(0.8);
  expect(distinct(8) / (5.8 * rows ** 0.7)).toBeLessThan(1.2);
  expect(distinct(5) / (0.44 * rows ** 0.785)).toBeGreaterThan(0.7);
  expect(distinct(5) / (0.44 * rows ** 0.785)).toBeLessThan(1.3);
  expect(share(column(14), (result) => result === 'Hit')).toBeGreaterThan(0.74);
  expect(share(column(5), (ip) => ip.includes(':'))).toBeGreaterThan(0.05);
  expect(share(column(12), (query) => query !== '-')).toBeGreaterThan(0.13);
  expect(column(9)).toContain('000');
  expect(Math.max(...column(4).map(Number))).toBeGreaterThan(2 ** 32);
  const bytesPerLine = lines.reduce((sum, line) => sum + line.length + 1, 0) / rows;
  expect(bytesPerLine).toBeGreaterThan(440);
  expect(bytesPerLine).toBeLessThan(500);
});

test('the same seed gives the same lines in every layout, on any number of threads; another seed gives others', async () => {
  const many = await write('many', 'many', { threads: 2 });
  const split = await write('split', 'split', { files: 3 });
  const other = await write('one', 'other', { seed: 2 });
  expect(many.files).toHaveLength(rows / 50);
  expect(split.files).toHaveLength(3);
  expect(dataLines(many.files)).toEqual(lines);
  expect(dataLines(split.files)).toEqual(lines);
  expect(dataLines(other.files)).not.toEqual(lines);
});

test('a file has a name and a header as CloudFront writes them, and lines of its hour, in no order', async () => {
  const { files } = await write('many', 'named');
  let unordered = 0;
  for (const file of files.slice(0, 100)) {
    const [, hour] = /^E[A-Z0-9]{13}\.2026-11-10-(\d\d)\.[0-9a-f]{8}\.gz$/.exec(basename(file)) ?? [];
    const [version, fields, ...rest] = readLines(file);
    const times = rest.map((line) => line.split('\t')[1] ?? '');
    expect(version).toBe('#Version: 1.0');
    expect(fields).toMatch(/^#Fields: date time x-edge-location .* sc-range-end$/);
    expect(rest).toHaveLength(50);
    expect(times.filter((time) => !time.startsWith(`${hour}:`))).toEqual([]);
    if (times.some((time, index) => index > 0 && time < (times[index - 1] ?? ''))) unordered++;
  }
  expect(unordered).toBeGreaterThan(90);
});

test('a directory that holds something is left alone', async () => {
  await expect(write('one', 'one')).rejects.toThrow(
    /cannot write logs into ".*": it is not empty; name another directory/,
  );
});
