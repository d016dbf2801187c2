/**
 * One meaning, one colour, on every panel: the names are custom properties of `style/theme.css`, which holds the values
 * for light and dark. The hues differ under the common kinds of colour blindness; order and legend do the rest.
 */
const meanings: readonly [pattern: RegExp, property: string][] = [
  [/^(refresh ?hit)$/i, '--refresh-hit'],
  [/^(origin ?shield ?hit)$/i, '--shield-hit'],
  [/^(hits?|hit_.*|.*_hits?|people|humans?|requests_people)$/i, '--hit'],
  [/^(miss(es)?|miss_.*|.*_miss(es)?)$/i, '--miss'],
  [/^(redirect(s|ed)?)$/i, '--redirect'],
  [/^(limit ?exceeded|capacity ?exceeded|lambda.*)$/i, '--limit'],
  [/^(bots?|requests_bots?)$/i, '--bot'],
  [/(^|\D)2xx/i, '--status-2xx'],
  [/(^|\D)3xx/i, '--status-3xx'],
  [/(^|\D)4xx/i, '--status-4xx'],
  [/(^|\D)5xx/i, '--error'],
  [/^(errors?)$/i, '--error'],
  [/(^|\D)(1xx|0xx|000|0)$/i, '--none'],
  [/^p50|_p50$/i, '--p50'],
  [/^p90|_p90$/i, '--p90'],
  [/^p95|_p95$/i, '--p95'],
  [/^p99|_p99$/i, '--p99'],
  [/^value$/, '--hit'],
  [/^threshold$/, '--error'],
  [/^baseline$/, '--none'],
  [/^…$/, '--redirect'],
];

const others = ['--other-1', '--other-2', '--other-3', '--other-4', '--other-5'];

/** @returns a property name such as `--hit`; series without a meaning of their own get the neutral ones by position. */
export function colorProperty(key: string, position: number): string {
  const found = meanings.find(([pattern]) => pattern.test(key));
  return found?.[1] ?? others[position % others.length] ?? '--other-1';
}

/** Good at the bottom of a stack, bad on top, so that trouble stands out against the sky. */
export function stackOrder(key: string): number {
  const index = meanings.findIndex(([pattern]) => pattern.test(key));
  const property = meanings[index]?.[1];
  const order = ['--hit', '--status-2xx', '--refresh-hit', '--shield-hit', '--status-3xx', '--redirect', '--miss'];
  const late = ['--bot', '--status-4xx', '--limit', '--error'];
  if (!property) return 50;
  if (late.includes(property)) return 60 + late.indexOf(property);
  return order.includes(property) ? order.indexOf(property) : 40;
}
