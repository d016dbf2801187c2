import { knownKeys, knownObjects } from '../known-keys.ts';
import type { LogFormat } from '../log-format.ts';
import { shapes } from './shapes.ts';

/** Lines in a Lambda function's log stream: the platform's and the application's, as text and as JSON. */
export const lambda: LogFormat = {
  name: 'lambda',
  title: 'Lambda function logs',
  reference: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  shapes,
  json: false,
  keys: {
    ...knownKeys,
    // A Telemetry API record may have its own timestamp, which is closer to the event than the forwarding time;
    // the last one is from CloudWatch's embedded metrics.
    time: ['timestamp', ...knownKeys.time.filter((name) => name !== 'timestamp'), '_aws.Timestamp'],
    // X-Ray's, in the platform's reports
    trace_id: [...knownKeys.trace_id, 'tracing.value'],
    // The Telemetry API sends an application's text as the record.
    message: [...knownKeys.message, 'record'],
  },
  merged: [...knownObjects.merged, 'record', 'metrics'],
  opened: [...knownObjects.opened, '_aws', 'tracing'],
  bareMilliseconds: true,
};
