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
    // CloudWatch's embedded metrics
    time: [...knownKeys.time, '_aws.Timestamp'],
    // The Telemetry API sends an application's text as the record.
    message: [...knownKeys.message, 'record'],
  },
  merged: [...knownObjects.merged, 'record', 'metrics'],
  opened: [...knownObjects.opened, '_aws'],
  bareMilliseconds: true,
};
