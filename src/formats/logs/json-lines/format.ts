import { knownKeys, knownObjects } from '../known-keys.ts';
import type { LogFormat } from '../log-format.ts';

/** One JSON object per line from any writer; keys are recognised by their usual names. */
export const jsonLines: LogFormat = {
  name: 'json-lines',
  title: 'JSON lines',
  reference: 'https://jsonlines.org/',
  shapes: [],
  json: true,
  keys: knownKeys,
  ...knownObjects,
  bareMilliseconds: false,
};
