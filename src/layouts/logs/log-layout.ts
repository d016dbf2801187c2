import { createHash } from 'node:crypto';
import type { LogFormat } from '../../formats/logs/log-format.ts';
import { type Layout, layoutId } from '../layout.ts';
import { describeOpening, type OpeningStep } from '../opening/opening-step.ts';

/** How the lines of one object or stream become rows of `logs`. The shape is found for each line. */
export interface LogLayout {
  readonly format: LogFormat;
  /** Whether a line other than a JSON object is a reject (the user named a JSON format); else it is kept as text. */
  readonly onlyJson: boolean;
  /** Transports stripped from a line first; none if absent. */
  readonly opening?: readonly OpeningStep[];
  /** Layout of access log lines among the others, which become requests. */
  readonly requests?: Layout;
}

/** Identity of a layout: 12 hexadecimal digits, equal exactly when everything above is equal. */
export function logLayoutId({ format, onlyJson, opening = [], requests }: LogLayout): string {
  const given = format.names ? [format.names] : [];
  const more = [...given, ...(opening.length > 0 ? [opening] : []), ...(requests ? [layoutId(requests)] : [])];
  const identity = JSON.stringify(['logs', format.name, onlyJson, ...more]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 12);
}

/** One line for display: `json-lines, JSON objects only`. */
export function describeLogLayout({ format, onlyJson, opening, requests }: LogLayout): string {
  const lines = onlyJson ? 'JSON objects only' : 'each line as it comes';
  const others = requests ? `, ${requests.format.name} among them` : '';
  return `${format.name}, ${lines}${others}${describeOpening(opening)}`;
}
