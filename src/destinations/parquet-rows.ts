import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';

/** Rows of a Parquet file, as its footer says; one that was cut has none. @throws Error when it is not complete Parquet */
export async function countParquetRows(path: string): Promise<number> {
  try {
    const { num_rows } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return Number(num_rows);
  } catch (cause) {
    throw new Error(`"${path}" is not complete Parquet (${(cause as Error).message})`, { cause });
  }
}
