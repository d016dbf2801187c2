import { quoteString } from './bound-parameter.ts';
import { EngineError } from './engine-error.ts';

export type Settings = Readonly<Record<string, string | number>>;

/**
 * Names must be plain identifiers and numbers finite.
 *
 * @throws EngineError `TAILRACE_QUERY_FAILED`
 */
export function checkSettings(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!/^[a-z][a-z0-9_]*$/i.test(name)) throw unusable(name, 'its name is not an identifier');
    if (typeof value === 'number' && !Number.isFinite(value)) throw unusable(name, `${value} is not a number`);
  }
}

/** Assignments for a `SET` statement; values are numbers or quoted strings. @throws EngineError like the above */
export function formatAssignments(settings: Settings): string[] {
  checkSettings(settings);
  return Object.entries(settings).map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? quoteString(value) : value}`,
  );
}

function unusable(name: string, reason: string): EngineError {
  return new EngineError('TAILRACE_QUERY_FAILED', `cannot use the engine setting "${name}": ${reason}; correct it`);
}
