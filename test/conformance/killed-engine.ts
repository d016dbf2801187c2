import type { Engine } from '../../src/engine/engine.ts';

export type MomentOfDeath = 'before the close' | 'after the close';

/** An engine that stops to answer when the first batch with lines is closed, as for a process that is killed then. */
export interface KilledEngine {
  readonly engine: Engine;
  /** Resolves when it is dead and none of its statements runs any more. */
  readonly died: Promise<void>;
}

export function killedEngine(engine: Engine, moment: MomentOfDeath): KilledEngine {
  const running = new Set<Promise<unknown>>();
  const noAnswer = new Promise<never>(() => {});
  let hasLines = false;
  let isDead = false;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = () => {
      isDead = true;
      void Promise.allSettled(running).then(() => resolve());
    };
  });
  const mortal =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>, isClose: (...args: A) => boolean) =>
    async (...args: A): Promise<R> => {
      const isLast = isClose(...args);
      if (isLast && moment === 'before the close') die();
      if (isDead) return noAnswer;
      const working = work(...args);
      running.add(working);
      await working
        .finally(() => running.delete(working))
        .catch((cause: unknown) => (isDead ? noAnswer : raise(cause)));
      if (isLast) die();
      return isDead ? noAnswer : working;
    };
  const mortals: Partial<Engine> = {
    run: mortal(engine.run.bind(engine), ({ sql }) => hasLines && sql.includes('INSERT INTO ledger')),
    rows: mortal(engine.rows.bind(engine), (_statement) => false) as Engine['rows'],
    insertFrom: mortal(engine.insertFrom.bind(engine), (_input, _statement) => {
      hasLines = true;
      return false;
    }),
  };
  const proxy = new Proxy(engine, {
    get(target, name) {
      const value: unknown = Reflect.get(name in mortals ? mortals : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { engine: proxy, died };
}

function raise(cause: unknown): never {
  throw cause;
}
