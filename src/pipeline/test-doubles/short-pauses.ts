import type timers from 'node:timers/promises';

type Timers = typeof timers;
const factor = 20;

/** `node:timers/promises` with pauses a twentieth as long, so that tests with retries run fast. */
export function shortPauses(real: Timers): Timers {
  const setTimeout: Timers['setTimeout'] = (ms = 0, ...rest) => real.setTimeout(ms / factor, ...rest);
  return { ...real, setTimeout };
}
