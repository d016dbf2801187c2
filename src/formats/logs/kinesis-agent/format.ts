import { knownKeys, knownObjects } from '../known-keys.ts';
import type { LogFormat } from '../log-format.ts';

/**
 * What the Kinesis Agent's LOGTOJSON makes of lines; all values are text, and `-` is null. Its Apache access logs are
 * HTTP requests and belong to the access formats. CSVTOJSON names its keys as it was told to: any JSON.
 */
export const kinesisAgent: LogFormat = {
  name: 'kinesis-agent',
  title: 'Kinesis Agent LOGTOJSON',
  reference: 'https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html',
  shapes: [
    { name: 'syslog', keys: ['timestamp', 'hostname', 'program', 'message'] },
    { name: 'apache-error', keys: ['timestamp', 'module', 'severity', 'message'] },
  ],
  json: true,
  // The module of Apache's error log is what elsewhere is called the logger.
  keys: { ...knownKeys, logger: [...knownKeys.logger, 'module'] },
  ...knownObjects,
  bareMilliseconds: false,
};
