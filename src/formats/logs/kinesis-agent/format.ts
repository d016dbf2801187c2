import { knownKeys, knownObjects } from '../known-keys.ts';
import type { LogFormat } from '../log-format.ts';

/**
 * Output of the Kinesis Agent's LOGTOJSON; all values are text, and `-` is null. Its Apache access logs are
 * HTTP requests and belong to the access formats. CSVTOJSON has configured keys, and is any JSON.
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
  // The module in Apache's error log corresponds to a logger.
  keys: { ...knownKeys, logger: [...knownKeys.logger, 'module'] },
  ...knownObjects,
  bareMilliseconds: false,
};
