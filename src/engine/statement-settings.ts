import { quoteString } from './bound-parameter.ts';
import { EngineError } from './engine-error.ts';

export type Settings = Readonly<Record<string, string | number>>;

/**
 * `SET` assignments for settings. Names are plain identifiers and values numbers or quoted strings.
 *
 * @throws EngineError `TAILRACE_QUERY_FAILED` for a name or number that cannot be one
 */
export function formatAssignments(settings: Settings): string[] {
  return Object.entries(settings).map(([name, value]) => {
    if (!/^[a-z][a-z0-9_]*$/i.test(name)) throw unusable(name, 'its name is not an identifier');
    if (typeof value === 'string') return `${name} = ${quoteString(value)}`;
    if (!Number.isFinite(value)) throw unusable(name, `${value} is not a number`);
    return `${name} = ${value}`;
  });
}

function unusable(name: string, reason: string): EngineError {
  return new EngineError('TAILRACE_QUERY_FAILED', `cannot use the engine setting "${name}": ${reason}; correct it`);
}
