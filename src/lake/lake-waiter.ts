import type { Engine } from '../engine/engine.ts';
import type { OwnWaiter, UndeliveredSpan } from '../ledger/undelivered-spans.ts';
import { hourMs } from '../rollups/range.ts';
import { readWholeSince } from '../store/retention.ts';
import { isChanged } from './export-hours.ts';
import type { LakeSchedule } from './follow-lake.ts';
import { readLakeHours } from './lake-hours.ts';
import { createLake } from './open-lake.ts';

/** Makes retention wait for hours that the lake will still write. Does no I/O but by the engine. */
export function lakeWaiter({ to, tables }: Pick<LakeSchedule, 'to' | 'tables'>): OwnWaiter {
  const { name } = createLake(to, '');
  return {
    readUndelivered: async (engine: Engine) => {
      const whole = await readWholeSince(engine);
      const untilMs = Math.floor(Date.now() / hourMs) * hourMs;
      const spans: UndeliveredSpan[] = [];
      for (const table of tables) {
        const hours = await readLakeHours(engine, name, table, { fromMs: 0, toMs: untilMs });
        for (const { startMs } of hours.filter((hour) => isChanged(hour, whole[table])))
          spans.push({ destination: `lake ${name}`, table, fromMs: startMs, toMs: startMs + hourMs });
      }
      return spans;
    },
  };
}
