/** Location of a line's object, in columns of `requests` and `logs`: few distinct values, so nearly free to store. */
const token = (comment: string) => ({ type: 'LowCardinality(String)', codec: 'ZSTD(1)', comment });

export const placeColumns = {
  bucket: token('S3 bucket of the object that held the line'),
  key_folder: token('Folders of the object within the bucket'),
  account: token('AWS account that wrote the object, as its name says'),
  region: token('AWS Region of what wrote the object, as its name says'),
} as const;

/**
 * The line of a row. With `batch` it identifies the row among those of its table, for good: a batch that was closed never
 * changes. Zeros where a row was stored before these columns existed.
 */
export const lineColumns = {
  object: {
    type: 'UInt32',
    codec: 'ZSTD(1)',
    comment: 'Number of the object within the batch; see ledger',
  },
  line_number: {
    type: 'UInt64',
    codec: 'T64, ZSTD(1)',
    comment: '1-based line in the decompressed object; events of one line have numbers of their own',
  },
} as const;

/** Computed on read. */
export const keyColumn = `key String ALIAS if(bucket = '', '', concat(key_folder, filename)) COMMENT 'Key of the object within the bucket'`;
