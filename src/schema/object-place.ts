/** Where the object of a line was, in columns of `requests` and of `logs`: a few values over many rows, which cost next to nothing. */
const token = (comment: string) => ({ type: 'LowCardinality(String)', codec: 'ZSTD(1)', comment });

export const placeColumns = {
  bucket: token('S3 bucket of the object that held the line'),
  key_folder: token('Folders of the object within the bucket'),
  account: token('AWS account that wrote the object, as its name says'),
  region: token('AWS Region of what wrote the object, as its name says'),
} as const;

/** Computed when it is read. */
export const keyColumn = `key String ALIAS if(bucket = '', '', concat(key_folder, filename)) COMMENT 'Key of the object within the bucket'`;
