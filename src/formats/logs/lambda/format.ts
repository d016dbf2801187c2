import { knownKeys, knownObjects } from '../known-keys.ts';
import type { LogFormat } from '../log-format.ts';
import { shapes } from './shapes.ts';

/** What a Lambda function's log stream holds: the platform's lines and the application's, as text and as JSON. */
export const lambda: LogFormat = {
  name: 'lambda',
  title: 'Lambda function logs',
  reference: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  shapes,
  json: false,
  keys: {
    ...knownKeys,
    // A record of the Telemetry API may have a timestamp of its own, which is nearer to the event than when it was sent on;
    // the last is of CloudWatch's embedded metrics.
    time: ['timestamp', ...knownKeys.time.filter((name) => name !== 'timestamp'), '_aws.Timestamp'],
    // Of X-Ray, in the platform's reports
    trace_id: [...knownKeys.trace_id, 'tracing.value'],
    // The Telemetry API sends an application's text as the record.
    message: [...knownKeys.message, 'record'],
  },
  merged: [...knownObjects.merged, 'record', 'metrics'],
  opened: [...knownObjects.opened, '_aws', 'tracing'],
  bareMilliseconds: true,
};
