import { createHash } from 'node:crypto';
import type { LogFormat } from '../../formats/logs/log-format.ts';

/** How the lines of one object or stream become rows of `logs`. Which shape a line has, each line says itself. */
export interface LogLayout {
  readonly format: LogFormat;
  /** Whether a line that is no JSON object is a reject, as when a person names a JSON format; else it is kept as text. */
  readonly onlyJson: boolean;
}

/** Identity of a layout: 12 hexadecimal digits, equal exactly when everything above is equal. */
export function logLayoutId({ format, onlyJson }: LogLayout): string {
  const identity = JSON.stringify(['logs', format.name, onlyJson]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 12);
}

/** One line for people: `json-lines, JSON objects only`. */
export function describeLogLayout({ format, onlyJson }: LogLayout): string {
  return `${format.name}, ${onlyJson ? 'JSON objects only' : 'each line as it comes'}`;
}
