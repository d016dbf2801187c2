import type { Engine } from '../../engine/engine.ts';
import { EngineError, type EngineErrorCode } from '../../engine/engine-error.ts';

/** How a statement fails: before its effect, or after it, without an answer. */
export interface Fault {
  readonly when: 'before' | 'after';
  readonly error: Error;
}

/** @param sql as it is sent; for an insert of files `INSERT INTO landing` */
export type ChooseFault = (sql: string) => Fault | undefined;

/** Wraps an engine so that some statements fail. */
export function faultyEngine(engine: Engine, choose: ChooseFault): Engine {
  const faulty =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>, sqlOf: (...args: A) => string) =>
    async (...args: A): Promise<R> => {
      const fault = choose(sqlOf(...args));
      if (fault?.when === 'before') throw fault.error;
      const result = await work(...args);
      if (fault) throw fault.error;
      return result;
    };
  const failing: Partial<Engine> = {
    run: faulty(engine.run.bind(engine), ({ sql }) => sql),
    rows: faulty(engine.rows.bind(engine), ({ sql }) => sql) as Engine['rows'],
    insertFrom: faulty(engine.insertFrom.bind(engine), (_input, _statement) => 'INSERT INTO landing'),
  };
  return new Proxy(engine, {
    get(target, name) {
      const value: unknown = Reflect.get(name in failing ? failing : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export function engineFailure(code: EngineErrorCode = 'TAILRACE_STORE_UNAVAILABLE', retryable = true): EngineError {
  return new EngineError(code, `made to fail: ${code}`, { retryable });
}
