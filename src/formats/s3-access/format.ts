import type { Format } from '../format.ts';
import { fields } from './fields.ts';

const word = '([^ ]+)';
/** Nothing is escaped, not even quotes. */
const quoted = '(?:-|"(.*?)")';

/**
 * Quotes within quoted values are not escaped: the request ends before a status, the user agent is the last that has
 * quotes, and the values after it have none.
 */
const pattern = [
  `^${word} ${word} \\[([^\\]]*)\\] ${word} ${word} ${word} ${word} ${word}`,
  `${quoted} ([0-9]{3}|-) ${word} ${word} ${word} ${word} ${word}`,
  `${quoted} (?:-|"(.*)") ([^"]+)$`,
].join(' ');

export const s3Access: Format = {
  name: 's3-access',
  title: 'S3 server access logs',
  reference: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html',
  fields,
  headerless: 'whole',
  marks: ['bucket_owner', 'operation', 'http_status'],
  framing: { kind: 'pattern', pattern },
  since: 2006,
};
