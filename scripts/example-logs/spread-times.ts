import { groupBy } from '../../src/ledger/group-by.ts';
import type { ApacheRequest } from './apache-log.ts';
import { draw } from './draw.ts';

/**
 * When each request arrives, milliseconds since 1970, in the order of the requests. The published log has a genuine
 * hour, but minute 05 in every line and seconds in no order; the requests of an hour are therefore spread over it in
 * the order of their lines, closer together where one viewer sends several in a row.
 */
export function spreadTimes(requests: readonly ApacheRequest[]): Map<ApacheRequest, number> {
  const times = new Map<ApacheRequest, number>();
  const hours = groupBy(requests, ({ hourMs }) => String(hourMs));
  for (const inHour of hours.values()) {
    const gaps = inHour.map(({ client, line }, index) => {
      const gap = -Math.log(1 - draw('gap', line));
      return inHour[index - 1]?.client === client ? gap * withinVisit : gap;
    });
    const scaleMs = 3_600_000 / (gaps.reduce((sum, gap) => sum + gap, 0) + 1);
    let elapsed = 0;
    for (const [index, request] of inHour.entries()) {
      elapsed += gaps[index] as number;
      times.set(request, request.hourMs + Math.floor(elapsed * scaleMs));
    }
  }
  return times;
}

/** Gap between two requests of one viewer in a row, relative to the gap between two viewers. */
const withinVisit = 0.02;
