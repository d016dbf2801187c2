import { parseInstant } from '../config/instant.ts';
import { type Arguments, textOption, UsageError } from './command.ts';

export const timeRangeOptions = { from: { type: 'string' }, to: { type: 'string' } } as const;

/** Milliseconds since 1970; a limit that is not given is absent. */
export interface TimeRange {
  readonly fromMs?: number;
  readonly untilMs?: number;
}

/** Reads `--from` and `--to`. @throws UsageError */
export function readTimeRange(args: Arguments): TimeRange {
  const [fromMs, untilMs] = [readTime(args, 'from'), readTime(args, 'to')];
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs) {
    throw new UsageError('--from must be before --to');
  }
  return { ...(fromMs === undefined ? {} : { fromMs }), ...(untilMs === undefined ? {} : { untilMs }) };
}

export function readTime(args: Arguments, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if ('value' in instant) return instant.value.getTime();
  throw new UsageError(`cannot read --${name} "${text}": ${instant.cause}; ${instant.remedy}`);
}
