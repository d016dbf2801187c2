import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';

/** Rows of a Parquet file, as its footer says. @throws Error when the file is not complete */
export async function countParquetRows(path: string): Promise<number> {
  const { num_rows } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  return Number(num_rows);
}
