import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/**
 * One tab-separated line a record, no header. Against standard logs `host` and `distribution_domain` swap their sources
 * (`cs-host` is the viewer's), `cs-uri-stem` carries the query, and the time is epoch seconds.
 */
export const cloudfrontRealtime: Format = {
  name: 'cloudfront-realtime',
  title: 'CloudFront real-time logs',
  reference: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html',
  nullMarker: '-',
  fields,
  headerless: 'subset',
};
