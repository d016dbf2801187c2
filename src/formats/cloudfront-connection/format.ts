import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Delivered like standard logs v2: w3c, plain, JSON, raw or Parquet, with user-selected fields. */
export const cloudfrontConnection: Format = {
  name: 'cloudfront-connection',
  title: 'CloudFront connection logs (viewer mTLS)',
  reference: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/connection-logs.html',
  commentPrefix: '#',
  fields,
  headerless: 'subset',
  marks: ['connectionId', 'connectionStatus'],
  isStrict: true,
  requires: [['connectionId'], ['connectionStatus'], ['clientIp']],
  event: {
    columns: {
      message:
        '[{connectionStatus} ][{clientIp}][:{clientPort}][ to {tlsSni}][, {tlsProtocol}][ {tlsCipher}]' +
        '[, handshake {tlsHandshakeDuration} ms][, {clientLeafCertSubject}]',
      service: '{distributionId}',
      trace_id: '{connectionId}',
    },
    levels: [{ level: 'WARN', field: 'connectionStatus', pattern: '^Failed' }],
  },
};
