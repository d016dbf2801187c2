import { knownKeys, knownObjects } from '../known-keys.ts';
import type { LogFormat } from '../log-format.ts';

/** Lines of plain text; it has only the shapes of every format. */
export const text: LogFormat = {
  name: 'text',
  title: 'Lines of text',
  reference: 'https://www.rfc-editor.org/rfc/rfc5424',
  shapes: [],
  json: false,
  keys: knownKeys,
  ...knownObjects,
  bareMilliseconds: false,
};
