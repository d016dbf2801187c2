import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cutAtNewlines } from '../cut-at-newlines.ts';

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
      const lines = bytes.length > maxBytes ? [] : cutAtNewlines(bytes);
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
