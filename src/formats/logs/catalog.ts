import { jsonLines } from './json-lines/format.ts';
import { kinesisAgent } from './kinesis-agent/format.ts';
import { lambda } from './lambda/format.ts';
import type { LogFormat } from './log-format.ts';
import { log4j } from './log4j/format.ts';
import { text } from './text/format.ts';

/** The one list of formats whose lines land in `logs`; detection tries them in this order. */
export const logFormats: readonly LogFormat[] = [lambda, log4j, kinesisAgent, jsonLines, text];

export function findLogFormat(name: string): LogFormat | undefined {
  return logFormats.find((format) => format.name === name);
}
