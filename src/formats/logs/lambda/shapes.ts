import type { LogShape } from '../log-format.ts';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const time = String.raw`(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?)`;

/**
 * The parts of REPORT and similar lines, in any order, separated by tabs or, if a store replaced them, blanks. They are
 * named as in the JSON of the same event. A group in a repetition keeps its last value in RE2.
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
const measures = [
  String.raw`Duration: (?<durationMs>[\d.]+) ms`,
  String.raw`Billed Duration: (?<billedDurationMs>[\d.]+) ms`,
  String.raw`Memory Size: (?<memorySizeMB>\d+) MB`,
  String.raw`Max Memory Used: (?<maxMemoryUsedMB>\d+) MB`,
  String.raw`Init Duration: (?<initDurationMs>[\d.]+) ms`,
  String.raw`Restore Duration: (?<restoreDurationMs>[\d.]+) ms`,
  String.raw`Billed Restore Duration: (?<billedRestoreDurationMs>[\d.]+) ms`,
  String.raw`Phase: (?<phase>\w+)`,
  String.raw`Status: (?<status>\w+)`,
  String.raw`Error Type: (?<errorType>\S+)`,
  'XRAY TraceId: (?<trace_id>[!-~]+)',
  String.raw`SegmentId: (?<segmentId>\S+)`,
  String.raw`Sampled: (?<sampled>\S+)`,
].join('|');

/** The platform's own lines first, then the runtimes' prefixes of the application's text. */
export const shapes: readonly LogShape[] = [
  { name: { fromKey: 'type' }, keys: ['time', 'type', 'record'] },
  { name: 'emf', keys: ['_aws'] },
  {
    name: 'platform.start',
    text: String.raw`^START RequestId: (?<request_id>[0-9A-Za-z-]+)(?:\s+Version: (?<version>\S+))?\s*$`,
  },
  { name: 'platform.end', text: String.raw`^END RequestId: (?<request_id>[0-9A-Za-z-]+)\s*$` },
  { name: 'platform.report', text: `^REPORT RequestId: (?<request_id>[0-9A-Za-z-]+)(?:\\s+(?:${measures}))+` },
  { name: 'platform.initReport', text: `^INIT_REPORT(?:\\s+(?:${measures}))+` },
  { name: 'platform.restoreReport', text: `^RESTORE_REPORT(?:\\s+(?:${measures}))+` },
  {
    name: 'platform.initStart',
    text: String.raw`^INIT_START Runtime Version: (?<runtimeVersion>\S+)(?:\s+Runtime Version ARN: (?<runtimeVersionArn>\S+))?`,
  },
  {
    name: 'platform.restoreStart',
    text: String.raw`^RESTORE_START Runtime Version: (?<runtimeVersion>\S+)(?:\s+Runtime Version ARN: (?<runtimeVersionArn>\S+))?`,
  },
  { name: 'platform.xray', text: String.raw`^XRAY TraceId: (?<trace_id>[!-~]+)\s+SegmentId: (?<segmentId>\S+)` },
  {
    name: 'platform.timeout',
    text: `^(?:${time} )?(?<request_id>${uuid}) Task timed out after (?<timeoutSeconds>[\\d.]+) seconds`,
  },
  {
    name: 'platform.fault',
    text: `^(?:${time} )?(?:RequestId: )?(?<request_id>${uuid}) (?:Error: .*\\s+(?<errorType>Runtime\\.\\w+)|Process exited before completing request)`,
  },
  // Node.js; outside of an invocation the id is `undefined`.
  {
    name: 'node',
    text: `^${time}\\t(?:undefined|(?<request_id>${uuid}))\\t(?<level>[A-Z]+)\\t(?<message>.*)$`,
  },
  {
    name: 'python',
    text: `^\\[(?<level>[A-Z]+)\\]\\t${time}\\t(?<request_id>${uuid})?\\t(?<message>.*)$`,
  },
  // log4j 2 with the appender of aws-lambda-java-log4j2
  {
    name: 'java',
    text: `^${time} (?<request_id>${uuid}) (?<level>[A-Z]+) +(?<message>.*)$`,
  },
];
