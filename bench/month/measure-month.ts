import { reports } from '../../src/reports/catalog.ts';
import { chooseStep, formatSqlTime, parseSqlTime } from '../../src/reports/report-window.ts';
import { classicQueries, median } from '../classic-queries.ts';
import type { Finding } from '../findings.ts';
import { type RunningServer, startServer, type TimedAnswer } from '../tailrace-process.ts';
import { days } from './build-month.ts';
import { type Measured, type Panels, panelFindings, type Range, rangeNames, ranges } from './panels.ts';

export interface MonthMeasurement {
  readonly panels: Panels;
  readonly findings: readonly Finding[];
}

/** Asks a running server, one request after the other, as a user does who waits for each. */
export async function measureMonth(store: string, repeat: number): Promise<MonthMeasurement> {
  const server = await startServer(store);
  try {
    const panels = await measurePanels(server, repeat, rangeNames);
    return {
      panels,
      findings: [
        ...panelFindings(panels),
        ...(await measureClassics(server, repeat)),
        ...(await measureNeedles(server, repeat)),
      ],
    };
  } finally {
    await server.stop();
  }
}

/** Each report of the overview at each of the ranges, one request after the other. */
export async function measurePanels<R extends Range>(
  server: RunningServer,
  repeat: number,
  asked: readonly R[],
): Promise<Panels<R>> {
  const { lastTime } = JSON.parse((await server.timeRequest('/api/range')).text) as { lastTime: string };
  const toMs = Math.floor((parseSqlTime(lastTime) ?? 0) / 60_000 + 1) * 60_000;
  const panels: Record<string, Record<R, Measured>> = {};
  for (const { name } of reports) {
    const byRange = {} as Record<R, Measured>;
    for (const range of asked) {
      const fromMs = toMs - ranges[range] * 3_600_000;
      const query = new URLSearchParams({
        from: formatSqlTime(fromMs),
        to: formatSqlTime(toMs),
        step: String(chooseStep(toMs - fromMs)),
      });
      byRange[range] = await measure(server, repeat, () => server.timeRequest(`/api/reports/${name}?${query}`));
    }
    panels[name] = byRange;
    console.error(
      `${name}: ${Object.values<Measured>(byRange)
        .map(({ ms }) => `${ms.toFixed(0)} ms`)
        .join(', ')}`,
    );
  }
  return panels;
}

async function measureClassics(server: RunningServer, repeat: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, sql } of classicQueries) {
    const measured = await measure(server, repeat, () => server.timeRequest('/api/query', { sql, format: 'json' }));
    findings.push(finding(`classic query: ${name}`, measured, 200));
  }
  return findings;
}

/** Each question shows the newest hundred rows, as the console's search does. */
const needles = [
  {
    name: 'request id',
    where: 'request_id = {needle:String}',
    pick: 'request_id',
    atMost: 100,
  },
  { name: 'client address', where: 'client_ip = {needle:String}', pick: 'client_ip', atMost: 100 },
  {
    name: 'substring of a path',
    where: "path LIKE concat('%', {needle:String}, '%')",
    // Without its first characters, so that no prefix helps.
    pick: 'substring(path, 4)',
    atMost: 1000,
  },
] as const;

/** What is sought is rare on a day in the middle of the month. */
async function measureNeedles(server: RunningServer, repeat: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, where, pick, atMost } of needles) {
    const needle = await findNeedle(server, pick);
    const sql = `SELECT time, client_ip, method, path, status, request_id FROM requests WHERE ${where} ORDER BY time DESC LIMIT 100`;
    let rows = 0;
    const measured = await measure(server, repeat, async () => {
      const answer = await server.timeRequest('/api/query', { sql, params: { needle }, format: 'json' });
      rows = (JSON.parse(answer.text) as { rows: number }).rows;
      return answer;
    });
    if (rows === 0)
      throw new Error(`cannot trust the search for ${name} "${needle}": it found nothing; the row is in the store`);
    findings.push(finding(`needle: ${name}, ${rows} found`, measured, atMost));
  }
  return findings;
}

/** A value that is rare on a day in the middle of the month. @param pick SQL */
export async function findNeedle(server: RunningServer, pick: string): Promise<string> {
  const sql = `
    SELECT ${pick} AS needle
    FROM requests
    WHERE toDate(time) = (SELECT toDate(max(time)) - ${days / 2} FROM requests)
    GROUP BY needle
    HAVING count() <= 3 AND length(needle) > 6
    ORDER BY cityHash64(needle)
    LIMIT 1`;
  const answer = await server.timeRequest('/api/query', { sql, format: 'json' });
  const [row] = (JSON.parse(answer.text) as { data: { needle: string }[] }).data;
  if (row === undefined) throw new Error('cannot measure a search: the store has no day in the middle; build it anew');
  return row.needle;
}

/** Sends a request once, and then again and again. */
export async function measure(
  server: RunningServer,
  repeat: number,
  request: () => Promise<TimedAnswer>,
): Promise<Measured> {
  const before = server.cpuSeconds();
  const first = await request();
  const ended = server.cpuSeconds();
  // Nobody needs to wait for it again.
  if (first.isUnfinished) return { firstMs: first.ms, ms: first.ms, bestMs: first.ms, cpuSeconds: ended - before };
  const times: number[] = [];
  for (let run = 0; run < repeat; run++) times.push((await request()).ms);
  return {
    firstMs: first.ms,
    ms: median(times),
    bestMs: Math.min(...times),
    cpuSeconds: (server.cpuSeconds() - ended) / repeat,
  };
}

export function finding(name: string, { ms, firstMs, bestMs, cpuSeconds }: Measured, atMost: number): Finding {
  const from = `first ${firstMs.toFixed(0)} ms, best ${bestMs.toFixed(0)} ms`;
  return { name, value: ms, unit: 'ms', target: { atMost }, from, cpu: cpuSeconds * 1000 };
}
