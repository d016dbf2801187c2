import { formatSqlTime, parseSqlTime } from '../../src/reports/report-window.ts';
import type { Finding } from '../findings.ts';
import { days } from '../month/build-month.ts';
import { finding, findNeedle, measure } from '../month/measure-month.ts';
import type { RunningServer } from '../tailrace-process.ts';

/** Milliseconds for 100 million rows. */
const atMost = { page: 500, needle: 200, panel: 300 } as const;

/** What the page Explore asks, over all days of the store. @param known an id and an address that are rare on a day in the middle */
function questions(known: { readonly id: string; readonly address: string }, step: number) {
  const rows = (q: string) => ({ path: '/api/explore/requests', query: { q, limit: '100' } });
  const values = (field: string, q: string) => ({ path: '/api/explore/requests/values', query: { field, q } });
  return [
    { name: 'first page', ...rows(''), atMost: atMost.page },
    { name: 'first page of status:5xx', ...rows('status:5xx'), atMost: atMost.page },
    { name: 'first page of path:/api/*', ...rows('path:/api/*'), atMost: atMost.page },
    { name: 'first page of a word that is nowhere', ...rows('timeout'), atMost: atMost.page },
    { name: 'needle: request_id', ...rows(`request_id:"${known.id}"`), atMost: atMost.needle },
    { name: 'needle: client_ip', ...rows(`client_ip:"${known.address}"`), atMost: atMost.needle },
    { name: 'needle: an id that is nowhere', ...rows('request_id:"nowhere=="'), atMost: atMost.needle },
    { name: 'values of status', ...values('status', ''), atMost: atMost.page },
    { name: 'values of path, status:5xx', ...values('path', 'status:5xx'), atMost: atMost.page },
    {
      name: 'chart',
      path: '/api/reports/status-classes',
      query: { q: '', step: String(step) },
      atMost: atMost.panel,
    },
    {
      name: 'chart of status:5xx path:/api/*',
      path: '/api/reports/status-classes',
      query: { q: 'status:5xx path:/api/*', step: String(step) },
      atMost: atMost.panel,
    },
  ];
}

/** Each question over the whole month, one after the other, as somebody asks who waits for each. */
export async function measurePages(server: RunningServer, repeat: number): Promise<Finding[]> {
  const known = { id: await findNeedle(server, 'request_id'), address: await findNeedle(server, 'client_ip') };
  const { lastTime } = JSON.parse((await server.timeRequest('/api/range')).text) as { lastTime: string };
  const toMs = Math.floor((parseSqlTime(lastTime) ?? 0) / 60_000 + 1) * 60_000;
  const range = { from: formatSqlTime(toMs - days * 86_400_000), to: formatSqlTime(toMs) };
  const findings: Finding[] = [];
  for (const { name, path, query, atMost } of questions(known, 43_200)) {
    const search = new URLSearchParams({ ...range, ...query });
    let found = 0;
    const measured = await measure(server, repeat, async () => {
      const answer = await server.timeRequest(`${path}?${search}`);
      const { rows } = JSON.parse(answer.text) as { rows?: number | readonly unknown[] };
      found = typeof rows === 'object' ? rows.length : (rows ?? 0);
      return answer;
    });
    if (found === 0 && !name.includes('nowhere')) throw new Error(`cannot trust "${name}": it found nothing`);
    findings.push(finding(`${name}, ${found} rows`, measured, atMost));
    console.error(`${name}: ${measured.ms.toFixed(0)} ms, CPU ${(measured.cpuSeconds * 1000).toFixed(0)} ms`);
  }
  return findings;
}
