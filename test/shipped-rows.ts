import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Names of the files that an archive in a folder shows. */
export function readShippedNames(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ndjson(\.gz)?$/.test(name))
    .sort();
}

/** The rows that an archive in a folder holds, of all tables or one. Throws when a file is not complete. */
export function readShippedRows(folder: string, table = ''): Record<string, unknown>[] {
  return readShippedNames(folder)
    .filter((name) => name.includes(`.${table}`))
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      if (!text.endsWith('\n')) throw new Error(`the last line of "${name}" is cut`);
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    });
}
