import { z } from 'zod';
import { type Alert, type Condition, directions, type Season, seasons, severities } from '../../alerts/alert.ts';
import { alertDefaults, starterPack } from '../../alerts/starter-pack.ts';
import { parseFilter } from '../../filters/parse-filter.ts';
import { requestFields } from '../../filters/request-fields.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { fieldNotes } from '../field-note.ts';
import { duration, refuse, text, wholeNumber } from '../fields.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const nameShape = /^[\w-]{1,100}$/;

/** `alerts:` by name: those of the starter pack, as the file changes them, and the file's own. */
export function alertsSection() {
  return z
    .record(z.string().regex(nameShape), alertEntry())
    .register(fieldNotes, {
      expects: 'a mapping of names to alerts',
      example: '{ server-errors: { notify: [oncall] } }',
    })
    .transform((written, context): Alert[] => {
      const known = new Map(starterPack.map((one) => [one.name, one]));
      const own = Object.keys(written).filter((name) => !known.has(name));
      const all = [...known.keys(), ...own].flatMap((name) => {
        const { enabled = true, ...keys } = written[name] ?? {};
        const alert = merge(name, known.get(name), keys, context);
        return enabled && alert ? [alert] : [];
      });
      refuseCircles(all, context);
      return all;
    })
    .prefault({})
    .describe('What is watched, by a name of your choice. There is a starter pack; see docs/alerts.md.');
}

/** An entry of `alerts:` as it is written. */
export function alertEntry() {
  const time = (least: number, most: number, example: string) =>
    duration({ leastMs: least, mostMs: most, example }).exactOptional();
  return z.strictObject({
    enabled: z
      .boolean()
      .register(fieldNotes, { expects: 'true or false', example: 'false' })
      .exactOptional()
      .describe('Whether it is evaluated; default true.'),
    description: text('a text', 'Share of requests that fail')
      .exactOptional()
      .describe('What its value means, and what to do.'),
    sql: text('one SELECT', 'SELECT count() AS value FROM requests WHERE time >= {from} AND time < {to}')
      .exactOptional()
      .describe(
        'One SELECT over the tables; {from} and {to} are the range. Needed, except for alerts of the starter pack.',
      ),
    condition: conditionKey().exactOptional().describe('When it holds. Needed, except for alerts of the starter pack.'),
    every: time(10_000, dayMs, '1m').describe('How often it is evaluated; default 1m.'),
    over: time(1_000, 31 * dayMs, '5m').describe('Length of the range; default 5m.'),
    delay: time(0, 7 * dayMs, '5m').describe(
      'How long before the evaluation the range ends, for lines that come late; default 5m.',
    ),
    for: time(0, 7 * dayMs, '5m').describe('How long the condition must hold; default not at all.'),
    keepFiring: time(0, 7 * dayMs, '5m').describe('How long it must not hold until the alert is resolved; default 5m.'),
    flapping: z
      .strictObject({
        times: wholeNumber({ least: 2, most: 100, example: 5 }).describe(
          'How often it fires until it counts as flapping.',
        ),
        within: duration({ leastMs: minuteMs, mostMs: 7 * dayMs, example: '1h' }).describe(
          'Within what time; and for how long it must be quiet then until it is resolved.',
        ),
      })
      .exactOptional()
      .describe('When it is held firing; default 5 times within 1h.'),
    severity: z
      .enum(severities)
      .register(fieldNotes, { expects: `one of ${severities.join(', ')}`, example: 'critical' })
      .exactOptional()
      .describe('info, warning (default) or critical.'),
    labels: z
      .array(text('the name of a column', 'host').regex(/^\w{1,100}$/))
      .max(10)
      .register(fieldNotes, { expects: 'a list of columns', example: '[host]' })
      .exactOptional()
      .describe('Columns of the SELECT: each combination of their values is an instance of its own.'),
    maxGroups: wholeNumber({ least: 1, most: 1000, example: 20 })
      .exactOptional()
      .describe('Most instances that are looked at, those with the greatest deviation; default 20.'),
    dependsOn: names('alert', 'no-data').describe('Alerts: while one of them fires, nobody is told of this one.'),
    notify: names('receiver', 'oncall').describe('Receivers, of the section notifications, that are told.'),
    filter: z
      .string()
      .register(fieldNotes, { expects: 'a filter', example: 'status:5xx' })
      .transform((written, context) => {
        try {
          parseFilter(written, requestFields);
          return written;
        } catch (error) {
          return refuse(context, (error as Error).message, 'see docs/filters.md');
        }
      })
      .exactOptional()
      .describe(
        'The requests that it is about, as on the console: a message says what of them has changed, and links to them.',
      ),
  });
}

interface WrittenAlert {
  readonly sql?: string;
  readonly condition?: Condition;
  readonly every?: number;
  readonly over?: number;
  readonly delay?: number;
  readonly for?: number;
  readonly keepFiring?: number;
  readonly flapping?: { readonly times: number; readonly within: number };
}

function merge(
  name: string,
  preset: Alert | undefined,
  written: WrittenAlert,
  context: z.core.$RefinementCtx,
): Alert | undefined {
  const { every, over, delay, for: wait, keepFiring, flapping, ...same } = written;
  const base = preset ?? { ...alertDefaults, name };
  const { sql, condition } = { ...base, ...same };
  for (const [key, value] of Object.entries({ sql, condition })) {
    if (value !== undefined) continue;
    const near = nearestName(
      name,
      starterPack.map((one) => one.name),
    );
    const meant = near === undefined ? '' : `, or name it ${near} to change that alert of the starter pack`;
    refuse(context, `it has no ${key}`, `add ${key}${meant}`, [name]);
    return undefined;
  }
  return {
    ...base,
    ...same,
    ...(every === undefined ? {} : { everyMs: every }),
    ...(over === undefined ? {} : { overMs: over }),
    ...(delay === undefined ? {} : { delayMs: delay }),
    ...(wait === undefined ? {} : { forMs: wait }),
    ...(keepFiring === undefined ? {} : { keepFiringMs: keepFiring }),
    ...(flapping ? { flapping: { times: flapping.times, withinMs: flapping.within } } : {}),
  } as Alert;
}

function names(what: string, example: string) {
  return z
    .array(text(`the name of an ${what}`, example).regex(nameShape))
    .register(fieldNotes, { expects: `a list of ${what}s`, example: `[${example}]` })
    .exactOptional();
}

function conditionKey() {
  const bound = (what: string) =>
    z.number().register(fieldNotes, { expects: 'a number', example: '0.05' }).describe(what);
  const bounds = {
    above: bound('It holds above this.').exactOptional(),
    below: bound('It holds below this.').exactOptional(),
  };
  const direction = z
    .enum(directions)
    .register(fieldNotes, { expects: `one of ${directions.join(', ')}`, example: 'up' })
    .prefault('both')
    .describe('Which deviations count: up, down or both.');
  return z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('threshold'), ...bounds }),
      z.strictObject({
        type: z.literal('ratio'),
        ...bounds,
        leastDenominator: bound('With a smaller denominator it does not hold.').min(0).prefault(1),
      }),
      z
        .strictObject({
          type: z.literal('absence'),
          olderThan: duration({ leastMs: 1_000, mostMs: 31 * dayMs, example: '30m' })
            .exactOptional()
            .describe('How old the time in column value may be; without it, only no row is absence.'),
          by: z
            .enum(['event', 'arrival'])
            .register(fieldNotes, { expects: 'event or arrival', example: 'arrival' })
            .prefault('event')
            .describe(
              'What times it is about: event, nothing is known while lines come late; arrival, such as stored_at.',
            ),
        })
        .transform(({ olderThan, ...rest }) => ({
          ...rest,
          ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
        })),
      z.strictObject({
        type: z.literal('change'),
        days: wholeNumber({ least: 3, most: 60, example: 7 })
          .prefault(7)
          .describe('How many days back, at the same time, it looks.'),
        direction,
        relative: bound('Least deviation, as a share of the median: 0.5 is half.').min(0).prefault(0.5),
        absolute: bound('Least deviation in the unit of the value.').min(0).prefault(0),
      }),
      z.strictObject({
        type: z.literal('anomaly'),
        season: z
          .enum(Object.keys(seasons) as [Season, ...Season[]])
          .register(fieldNotes, { expects: 'day or week', example: 'week' })
          .prefault('week')
          .describe('Which times are alike: those of a day, or of a week.'),
        periods: wholeNumber({ least: 2, most: 60, example: 4 })
          .prefault(4)
          .describe('How many days or weeks back it looks.'),
        direction,
        score: bound('Least deviation in units of the usual spread, 1.4826 · MAD.').min(1).prefault(5),
        leastDeviation: bound('Least deviation in the unit of the value.').min(0).prefault(0),
      }),
    ])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: threshold, above: 100 }' })
    .superRefine((written, context) => {
      if (written.type !== 'threshold' && written.type !== 'ratio') return;
      if (written.above === undefined && written.below === undefined)
        refuse(context, 'it has neither above nor below', 'add one of them');
    });
}

function refuseCircles(alerts: readonly Alert[], context: z.core.$RefinementCtx): void {
  const reaches = (from: string, goal: string, seen = new Set<string>()): boolean =>
    (alerts.find(({ name }) => name === from)?.dependsOn ?? []).some(
      (next) => next === goal || (!seen.has(next) && reaches(next, goal, seen.add(next))),
    );
  for (const { name } of alerts) {
    if (!reaches(name, name)) continue;
    refuse(context, `${name} depends on itself in the end`, 'remove one of the names', [name, 'dependsOn']);
    return;
  }
}

/** A name that means nothing because of a typing error would not be noticed. */
export function refuseUnknownNames(
  {
    alerts,
    notifications,
  }: { readonly alerts: readonly Alert[]; readonly notifications: readonly { readonly name: string }[] },
  context: z.core.$RefinementCtx,
): void {
  if (context.issues.length > 0) return;
  const known = { dependsOn: alerts.map(({ name }) => name), notify: notifications.map(({ name }) => name) };
  const what = { dependsOn: 'alert', notify: 'receiver in notifications' };
  for (const alert of alerts) {
    for (const key of ['dependsOn', 'notify'] as const) {
      for (const [index, name] of alert[key].entries()) {
        if (known[key].includes(name)) continue;
        const others = known[key].length === 0 ? 'a name that is there' : `one of ${known[key].join(', ')}`;
        const remedy = `write ${nearestName(name, known[key]) ?? others}`;
        refuse(context, `there is no such ${what[key]}`, remedy, ['alerts', alert.name, key, index]);
      }
    }
  }
}
