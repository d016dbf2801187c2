import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/**
 * Legacy and v2. Columns come from `#Fields`, the header line of `plain`, JSON keys or Parquet columns.
 * Fields were only ever appended to the legacy format (12 in 2011, then 15, 18, 19, 23, 24, 26, and 33 since December
 * 2019), so a legacy line that lost its header is a prefix of the table.
 */
export const cloudfrontStandard: Format = {
  name: 'cloudfront-standard',
  title: 'CloudFront standard logs (legacy and v2)',
  reference: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html',
  commentPrefix: '#',
  fields,
  headerless: 'prefix',
  marks: fields.map(({ name }) => name).filter((name) => !['date', 'time', 'timestamp', 'asn'].includes(name)),
  isStrict: true,
  directive: {
    names: fields
      .map(({ name }) => name)
      .filter((name) => /^x-(edge|host)-|^fle-|^distribution|^c-country|^timestamp/.test(name)),
    delimiter: '\t',
  },
};
