import { findFormat } from '../formats/catalog.ts';
import { findLogFormat } from '../formats/logs/catalog.ts';
import { type GivenNames, withNames } from '../formats/logs/with-names.ts';
import type { InputHints } from './find-layout.ts';

/** The user's choices for the layout of an input, by name, so that they can be sent to another process. */
export interface LayoutChoice {
  /** Of an access log or an application log. */
  readonly format?: string;
  /** Names of the columns, in their order. */
  readonly columns?: readonly string[];
  readonly delimiter?: string;
  /** Keys of application logs by column. */
  readonly names?: GivenNames;
  /** Percentage of requests that were logged, 1 to 100. */
  readonly samplingRate?: number;
}

/** @throws Error for an unknown format */
export function hintsOf({ format, names, ...others }: LayoutChoice): InputHints {
  if (format === undefined) return others;
  const logFormat = findLogFormat(format);
  if (logFormat) return { ...others, logFormat: names ? withNames(logFormat, names) : logFormat };
  const access = findFormat(format);
  if (!access) throw new Error(`cannot use the format "${format}": there is none of this name; see "tailrace detect"`);
  return { ...others, format: access };
}
