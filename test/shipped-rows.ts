import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The rows that a folder destination holds, of all tables or one. Throws when a file is not complete. */
export function readShippedRows(folder: string, table = ''): Record<string, unknown>[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.ndjson(\.gz)?$/.test(name) && name.includes(`.${table}`))
    .sort()
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
