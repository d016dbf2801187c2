import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/**
 * Files in S3 name their columns in the first line, or are Parquet; users choose the fields and their order. Lines from
 * CloudWatch Logs and Firehose have no header: only the default format can be recognised from its values.
 */
export const vpcFlow: Format = {
  name: 'vpc-flow',
  title: 'VPC flow logs',
  reference: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html',
  fields,
  headerless: 'prefix',
  marks: ['srcaddr', 'pkt-srcaddr', 'interface-id', 'tgw-id', 'log-status'],
  isStrict: true,
  requires: [['version'], ['account-id'], ['log-status']],
  times: ['end', 'start'],
  event: {
    columns: {
      message:
        '[{log-status} of {interface-id|tgw-id} ][{action} ][{protocol} ][{srcaddr|pkt-srcaddr}][:{srcport}][ -> {dstaddr|pkt-dstaddr}][:{dstport}]' +
        '[, {packets} packets][, {bytes} bytes]',
      service: '{vpc-id|tgw-id|interface-id}',
      host: '{instance-id|interface-id}',
    },
    levels: [
      { level: 'WARN', field: 'log-status', pattern: '^SKIPDATA$' },
      { level: 'DEBUG', field: 'log-status', pattern: '^NODATA$' },
      { level: 'WARN', field: 'action', pattern: '^REJECT$' },
      ...['no-route', 'blackhole', 'mtu-exceeded', 'ttl-expired'].map((why) => ({
        level: 'WARN' as const,
        field: `packets-lost-${why}`,
        pattern: '^[1-9]',
      })),
    ],
  },
};
