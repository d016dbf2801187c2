import { knownKeys, knownObjects } from '../known-keys.ts';
import type { LogFormat } from '../log-format.ts';

/** JSON of the two `JsonLayout`s: of log4j-aws-appenders (log4j 1, logback) and of log4j 2 itself. */
export const log4j: LogFormat = {
  name: 'log4j',
  title: 'log4j and logback JsonLayout',
  reference: 'https://github.com/kdgregory/log4j-aws-appenders/blob/trunk/docs/jsonlayout.md',
  shapes: [
    { name: 'log4j2', keys: ['loggerName', 'loggerFqcn'] },
    { name: 'log4j2', keys: ['loggerName', 'endOfBatch'] },
    { name: 'log4j', keys: ['timestamp', 'thread', 'logger', 'level', 'message'] },
  ],
  json: true,
  keys: knownKeys,
  merged: knownObjects.merged,
  opened: [...knownObjects.opened, 'mdc', 'contextMap', 'extra', 'tags', 'locationInfo', 'source', 'thrown'],
  bareMilliseconds: false,
};
