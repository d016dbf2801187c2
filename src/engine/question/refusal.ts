import { EngineError } from '../engine-error.ts';

/** The error for a refused question, with what to do instead. */
export function refusal(reason: string, remedy: string): EngineError {
  return new EngineError('TAILRACE_QUERY_REFUSED', `cannot run the query: ${reason}; ${remedy}`);
}

export function refuseTableFunction(name: string): EngineError {
  return refusal(
    `questions may not call the table function "${name}"`,
    'ask the tables of the store; numbers() and (VALUES …) make rows',
  );
}
