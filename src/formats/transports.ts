import type { Transport } from './transport.ts';

const iso = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?`;
/** journald adds a fraction. */
const bsd = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?`;
const name = '[0-9A-Za-z_./-]+';
const hostName = '[0-9A-Za-z_.-]+';

/** Keys under which applications and shippers put the text of others. */
const messageKeys = [
  'message',
  'msg',
  'log',
  'record',
  'MESSAGE',
  '@message',
  'body',
  'text',
  'textPayload',
  'event',
  'line',
];

/**
 * JSON whose message is JSON again, as when a structured log passes through another writer of JSON. Looked for
 * in each line of an application log, after all transports.
 */
export const jsonText: Transport = {
  name: 'json-text',
  reference: 'https://jsonlines.org/',
  around: { textKeys: messageKeys, holds: 'object', names: {} },
  isCertain: true,
};

/** The one list of transports; the first that fits is taken. A text that ends a prefix may hold any byte. */
export const transports: readonly Transport[] = [
  {
    name: 'cri',
    reference: 'https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto',
    // A part (P) of a long line is a separate row, marked as such. A full line (F) needs no mark.
    around: { pattern: `^(?<time>${iso}) (?<stream>stdout|stderr) (?:(?<part>P)|F)(?::[^ ]*)? (?<line>\\C*)$` },
    isCertain: true,
  },
  {
    name: 'kubectl',
    reference: 'https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/',
    around: { pattern: `^\\[pod/(?<host>${hostName})/(?<service>${hostName})\\] (?<line>\\C*)$` },
    isCertain: true,
  },
  {
    name: 'docker-json',
    reference: 'https://docs.docker.com/engine/logging/drivers/json-file/',
    around: {
      textKeys: ['log'],
      // Docker; FireLens on ECS; Fluent Bit and Fluentd on Kubernetes; Fluent Bit anywhere
      anyOf: ['stream', 'container_id', 'kubernetes', 'date'],
      names: {
        time: 'transport.time',
        date: 'transport.time',
        stream: 'log.iostream',
        container_name: 'transport.service',
      },
    },
    isCertain: true,
  },
  {
    name: 'lambda-telemetry',
    reference: 'https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html',
    // A function's output is the record, as text; the platform's records are objects, and are kept.
    around: { textKeys: ['record'], anyOf: ['type'], names: { time: 'transport.time' } },
    isCertain: true,
  },
  {
    name: 'filebeat',
    reference: 'https://www.elastic.co/docs/reference/beats/filebeat/exported-fields-beat-common',
    around: { textKeys: ['message'], anyOf: ['@metadata', 'agent', 'beat'], names: { '@timestamp': 'transport.time' } },
    isCertain: true,
  },
  {
    name: 'vector',
    reference: 'https://vector.dev/docs/reference/configuration/sources/file/',
    around: {
      textKeys: ['message'],
      anyOf: ['source_type'],
      names: { timestamp: 'transport.time', host: 'transport.host' },
    },
    isCertain: true,
  },
  {
    name: 'cloudwatch-event',
    reference: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html',
    around: {
      textKeys: ['message'],
      anyOf: ['ingestionTime', 'logStreamName'],
      names: { timestamp: 'transport.time' },
    },
    isCertain: true,
  },
  {
    name: 'journald',
    reference: 'https://systemd.io/JOURNAL_EXPORT_FORMATS/',
    around: {
      textKeys: ['MESSAGE'],
      bytes: true,
      anyOf: ['__REALTIME_TIMESTAMP', '_SYSTEMD_UNIT', 'SYSLOG_IDENTIFIER'],
      names: {
        __REALTIME_TIMESTAMP: 'transport.time',
        PRIORITY: 'transport.level',
        SYSLOG_IDENTIFIER: 'transport.service',
        _HOSTNAME: 'transport.host',
        _PID: 'pid',
      },
    },
    isCertain: true,
  },
  {
    name: 'fluentd',
    reference: 'https://docs.fluentd.org/formatter/out_file',
    around: { pattern: `^(?<time>${iso})\\t(?<tag>[^\\t\\x00-\\x1f]+)\\t(?<line>[{]\\C*)$` },
    isCertain: true,
  },
  {
    name: 'json-message',
    reference: 'https://jsonlines.org/',
    // Any object with a message that is a line of an access log.
    around: { textKeys: messageKeys, names: {} },
    isCertain: false,
  },
  {
    name: 'compose',
    reference: 'https://docs.docker.com/reference/cli/docker/compose/logs/',
    // Swarm adds the node.
    around: { pattern: `^(?<service>${name})(?:@(?<host>${name}))? +\\| (?<line>\\C*)$` },
    isCertain: false,
  },
  {
    name: 'syslog',
    reference: 'https://www.rfc-editor.org/rfc/rfc5424',
    around: {
      // In a stream with a length in front (RFC 6587).
      pattern: `^(?:\\d{1,6} )?(?:<(?<pri>\\d{1,3})>)?1 (?:-|(?<time>${iso})) (?:-|(?<host>[^\\s\\x00-\\x1f"|=<>/][^\\s\\x00-\\x1f"|=<>]*)) (?:-|(?<service>[^\\s\\x00-\\x1f]+)) (?:-|(?<pid>[^\\s\\x00-\\x1f]+)) (?:-|(?<message_id>[^\\s\\x00-\\x1f]+)) (?:-|(?<structured_data>\\[.*?[^\\\\]\\])) \\x{FEFF}?(?<line>\\C*)$`,
    },
    isCertain: false,
    isMixed: true,
  },
  {
    name: 'bsd-syslog',
    reference: 'https://www.rfc-editor.org/rfc/rfc3164',
    around: {
      pattern: `^(?:<(?<pri>\\d{1,3})>)?(?<time>${bsd}|${iso}) (?<host>${hostName}) (?<service>[^\\s#:[<][^\\s:[]*)(?:\\[(?<pid>\\d+)\\])?: ?(?<line>\\C*)$`,
    },
    isCertain: false,
    isMixed: true,
  },
  {
    name: 'klog',
    reference: 'https://github.com/kubernetes/klog',
    around: {
      pattern: `^(?<level>[IWEF])(?<time>\\d{4} \\d\\d:\\d\\d:\\d\\d[.]\\d+) +(?<pid>\\d+) (?<source>[^ :\\]]+:\\d+)\\] (?<line>\\C*)$`,
    },
    isCertain: false,
  },
  {
    name: 'cloudwatch-export',
    reference: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html',
    around: { pattern: `^(?<time>${iso}|[1-9]\\d{12}) (?<line>\\C*)$` },
    isCertain: false,
  },
  {
    name: 'ts',
    reference: 'https://manpages.debian.org/stable/moreutils/ts.1.en.html',
    around: { pattern: `^(?<time>${bsd}|[1-9]\\d{9}(?:[.]\\d{1,9})?) (?<line>\\C*)$` },
    isCertain: false,
  },
  {
    name: 'stern',
    reference: 'https://github.com/stern/stern',
    // The name that Kubernetes gives a pod has a dash.
    around: { pattern: '^(?<host>[0-9a-z.]+-[0-9a-z.-]+) (?<service>[0-9a-z-]+) (?<line>\\C*)$' },
    isCertain: false,
  },
  {
    name: 'cloudwatch-tail',
    reference: 'https://docs.aws.amazon.com/cli/latest/reference/logs/tail.html',
    // A word with a colon names a process, as at Heroku.
    around: { pattern: `^(?<time>${iso}) (?<log_stream>[^ ]*[^ :]) (?<line>\\C*)$` },
    isCertain: false,
  },
];

export function findTransport(wanted: string): Transport | undefined {
  return [...transports, jsonText].find((transport) => transport.name === wanted);
}
