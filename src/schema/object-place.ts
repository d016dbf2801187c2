/** Location of a line's object, in columns of `requests` and `logs`: few distinct values, so nearly free to store. */
const token = (comment: string) => ({ type: 'LowCardinality(String)', codec: 'ZSTD(1)', comment });

export const placeColumns = {
  bucket: token('S3 bucket of the object that held the line'),
  key_folder: token('Folders of the object within the bucket'),
  account: token('AWS account that wrote the object, as its name says'),
  region: token('AWS Region of what wrote the object, as its name says'),
} as const;

/** Computed on read. */
export const keyColumn = `key String ALIAS if(bucket = '', '', concat(key_folder, filename)) COMMENT 'Key of the object within the bucket'`;
