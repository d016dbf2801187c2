import { createHash } from 'node:crypto';
import type { LogFormat } from '../../formats/logs/log-format.ts';
import { type Layout, layoutId } from '../layout.ts';
import { describeOpening, type OpeningStep } from '../opening/opening-step.ts';

/** How the lines of one object or stream become rows of `logs`. Which shape a line has, each line says itself. */
export interface LogLayout {
  readonly format: LogFormat;
  /** Whether a line that is no JSON object is a reject, as when a person names a JSON format; else it is kept as text. */
  readonly onlyJson: boolean;
  /** What is taken off a line before; nothing where it is left out. */
  readonly opening?: readonly OpeningStep[];
  /** Lines of an access log among the others, which become requests. */
  readonly requests?: Layout;
}

/** Identity of a layout: 12 hexadecimal digits, equal exactly when everything above is equal. */
export function logLayoutId({ format, onlyJson, opening = [], requests }: LogLayout): string {
  const given = format.names ? [format.names] : [];
  const more = [...given, ...(opening.length > 0 ? [opening] : []), ...(requests ? [layoutId(requests)] : [])];
  const identity = JSON.stringify(['logs', format.name, onlyJson, ...more]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 12);
}

/** One line for people: `json-lines, JSON objects only`. */
export function describeLogLayout({ format, onlyJson, opening, requests }: LogLayout): string {
  const lines = onlyJson ? 'JSON objects only' : 'each line as it comes';
  const others = requests ? `, ${requests.format.name} among them` : '';
  return `${format.name}, ${lines}${others}${describeOpening(opening)}`;
}
