import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { findFormat, formats } from '../../src/formats/catalog.ts';
import { logFormats } from '../../src/formats/logs/catalog.ts';
import type { LayoutHints } from '../../src/layouts/detect-layout.ts';
import { sampleLines } from '../../src/layouts/inspect-input.ts';

/** A file of the committed corpora as lines. A character of a line is a byte: any bytes are preserved. */
export interface GoldenFile {
  /** Unique, and valid as a file name. */
  readonly name: string;
  readonly lines: readonly string[];
  /** Its format settings, as a user would give them. */
  readonly hints: LayoutHints;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** All text files under the formats' `testdata`, and the cases. */
export function readGoldenFiles(): GoldenFile[] {
  const folders = [
    ...formats.map(({ name }) => `src/formats/${name}/testdata`),
    ...logFormats.map(({ name }) => `src/formats/logs/${name}/testdata`),
    'test/cases/testdata',
  ];
  return folders.flatMap((folder) => readdirSync(join(root, folder)).flatMap((name) => readGoldenFile(folder, name)));
}

function readGoldenFile(folder: string, name: string): GoldenFile[] {
  const path = join(root, folder, name);
  const bytes = /README|\.(expected\.ndjson|hints\.json|oracle\.json|parquet)$/.test(name)
    ? undefined
    : contentOf(path);
  if (!bytes || bytes.length === 0) return [];
  const lines = bytes.toString('latin1').replace(/\n$/, '').split('\n');
  return [{ name: `${folder.replace(/\W/g, '-')}-${name.replace(/\.gz$/, '')}`, lines, hints: hintsOf(path) }];
}

/** `undefined` for a gzip that is damaged on purpose. */
function contentOf(path: string): Buffer | undefined {
  const bytes = readFileSync(path);
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

function hintsOf(path: string): LayoutHints {
  const file = `${path.replace(/\.(log\.gz|json\.gz|log|gz|json)$/, '')}.hints.json`;
  if (!existsSync(file)) return {};
  const { format: name, ...hints } = JSON.parse(readFileSync(file, 'utf8')) as LayoutHints & { format?: string };
  const format = name === undefined ? undefined : findFormat(name);
  return { ...hints, ...(format ? { format } : {}) };
}

/** The first lines as detection sees them. */
export function decodedSample(lines: readonly string[]): string[] {
  return sampleLines(Buffer.from(lines.join('\n'), 'latin1'), true);
}
