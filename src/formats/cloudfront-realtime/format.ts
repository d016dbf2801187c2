import type { Format } from '../format.ts';
import { fields } from './fields.ts';

const names = fields.map(({ name }) => name);
/** All fields of 2020, the console's selection since 2023, that with the distribution's id, and all. */
const launch = names.slice(0, names.indexOf('cs-headers-count') + 1).filter((name) => name !== 's-ip');
const timed = [...launch, 'origin-fbl', 'origin-lbl', 'asn'];
const staged = [
  ...launch,
  'primary-distribution-id',
  'primary-distribution-dns-name',
  'origin-fbl',
  'origin-lbl',
  'asn',
];

/**
 * One tab-separated line per record, no header. Unlike in standard logs, `host` and `distribution_domain` swap sources
 * (`cs-host` is the viewer's), `cs-uri-stem` carries the query, and the time is epoch seconds.
 */
export const cloudfrontRealtime: Format = {
  name: 'cloudfront-realtime',
  title: 'CloudFront real-time logs',
  reference: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html',
  commentPrefix: '#',
  fields,
  headerless: 'subset',
  marks: names.filter((name) => !['timestamp', 'asn'].includes(name)),
  usualSelections: [launch, timed, staged, names],
};
