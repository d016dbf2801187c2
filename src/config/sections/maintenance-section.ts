import { z } from 'zod';
import { type MaintenanceWindow, type WeeklyTime, weekdays } from '../../alerts/maintenance.ts';
import { parseMatcher } from '../../alerts/matchers.ts';
import { fieldNotes } from '../field-note.ts';
import { refuse, text } from '../fields.ts';
import { parseInstant } from '../instant.ts';

/** `maintenance:` by name: when nobody is told of alerts. */
export function maintenanceSection() {
  const time = (what: string) =>
    text('a time of day HH:MM, or a time with its date', '22:00').describe(
      `${what}, in UTC: 22:00 with days, else 2026-12-01T22:00Z.`,
    );
  const window = z
    .strictObject({
      days: z
        .array(z.enum(weekdays))
        .min(1)
        .register(fieldNotes, { expects: `a list of ${weekdays.join(', ')}`, example: '[sat, sun]' })
        .exactOptional()
        .describe('Days of the week on which it begins; without them it is once.'),
      from: time('When it begins'),
      to: time('When it ends'),
      match: z
        .array(text('label=text, or label!=text', 'alert=server-*'))
        .max(20)
        .register(fieldNotes, { expects: 'a list of matchers', example: '["host=*.example.com"]' })
        .exactOptional()
        .describe(
          'What is meant: all must match a label, alert or severity; * is any characters. Without it, everything.',
        ),
    })
    .transform(({ days, from, to, match = [] }, context): Omit<MaintenanceWindow, 'name'> => {
      const matchers = match.map((written, index) => {
        const matcher = parseMatcher(written);
        return matcher ?? refuse(context, 'it is no matcher', 'write for example host=a.example.com', ['match', index]);
      });
      const when = days ? weekly(days, from, to, context) : dated(from, to, context);
      return { match: matchers, when };
    });
  return z
    .record(z.string().regex(/^[\w-]{1,100}$/), window)
    .register(fieldNotes, {
      expects: 'a mapping of names to windows',
      example: '{ nights: { days: [sat], from: "22:00", to: "02:00" } }',
    })
    .transform((written): MaintenanceWindow[] => Object.entries(written).map(([name, rest]) => ({ name, ...rest })))
    .prefault({})
    .describe('When nobody is told that an alert fires, by a name of your choice.');
}

function weekly(days: WeeklyTime['days'], from: string, to: string, context: z.core.$RefinementCtx): WeeklyTime {
  const minuteOf = (written: string, key: string): number => {
    const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(written) ?? [];
    const isTime = Number(hour) < 24 && Number(minute) < 60;
    return isTime
      ? Number(hour) * 60 + Number(minute)
      : refuse(context, 'it is no time of day', 'write for example "22:00"', [key]);
  };
  return { days, fromMinute: minuteOf(from, 'from'), toMinute: minuteOf(to, 'to') };
}

function dated(from: string, to: string, context: z.core.$RefinementCtx): MaintenanceWindow['when'] {
  const msOf = (written: string, key: string): number => {
    const instant = parseInstant(written);
    return 'value' in instant ? instant.value.getTime() : refuse(context, instant.cause, instant.remedy, [key]);
  };
  const [fromMs, toMs] = [msOf(from, 'from'), msOf(to, 'to')];
  if (fromMs >= toMs) return refuse(context, 'it ends before it begins', 'write a later time', ['to']);
  return { fromMs, toMs };
}
