import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A sample of a format, inflated. */
export interface SampleFile {
  readonly path: string;
  readonly lines: readonly Buffer[];
}

const root = resolve(import.meta.dirname, '../..');

/** Every text sample of every format and of the public bug reports. */
export function sampleFiles(): SampleFile[] {
  const paths = ['src/formats', 'test/cases'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return paths
    .filter((path) => path.includes('/testdata/') && /\.(log|txt|json|gz|cloudwatch)$/.test(path))
    .filter((path) => !/\.(hints|oracle)\.json$/.test(path))
    .sort()
    .flatMap((path) => {
      const bytes = readBytes(join(root, path));
      const lines = bytes.length > maxBytes ? [] : splitLines(bytes);
      return lines.length === 0 ? [] : [{ path, lines: lines.slice(0, maxLines) }];
    });
}

const maxBytes = 1024 * 1024;
const maxLines = 300;

function readBytes(path: string): Buffer {
  const bytes = readFileSync(path);
  try {
    return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  } catch {
    // A sample of a damaged file.
    return bytes;
  }
}

/** What newlines end, and what is left behind the last one. */
export function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}
