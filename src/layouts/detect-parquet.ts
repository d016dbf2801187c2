import { open } from 'node:fs/promises';
import { parquetMetadata } from 'hyparquet';
import { bestFormat } from './best-format.ts';
import type { Detection, LayoutHints } from './detect-layout.ts';
import { patternedFields } from './layout.ts';

/**
 * Columns of a Parquet file, read from its footer.
 * https://parquet.apache.org/docs/file-format/
 * @returns `undefined` when its columns match no format
 */
export async function detectParquet(path: string, hints: LayoutHints): Promise<Detection | undefined> {
  const columns = await parquetColumns(path);
  const format = hints.format ?? bestFormat(columns);
  if (!format) return undefined;
  return {
    layout: {
      format,
      framing: { kind: 'parquet' },
      columns,
      namedBy: 'header',
      checked: patternedFields(format.fields),
      encodedTwice: false,
      samplingRate: hints.samplingRate ?? 100,
    },
    confidence: 1,
    doubts: [],
  };
}

/** The last eight bytes hold the footer's length and the magic `PAR1`. */
async function parquetColumns(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(8, size));
    await file.read(tail, 0, tail.length, size - tail.length);
    const length = Math.min(size, tail.length === 8 ? tail.readUInt32LE(0) + 8 : 0);
    const footer = Buffer.alloc(length);
    await file.read(footer, 0, length, size - length);
    const { schema } = parquetMetadata(new Uint8Array(footer).buffer);
    // The first element is the root; the columns of a log are flat.
    return schema.slice(1).map(({ name }) => name);
  } catch {
    return [];
  } finally {
    await file.close();
  }
}
