import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findSerious } from './accessibility-cases.ts';
import { runTailrace, type Server, startTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @param receiver that refuses windows */
const configured = (receiver: string) => `windows:
  talkers:
    window: { type: tumbling, size: 10s }
    idle: 1s
    outputs: [{ type: webhook, url: "${receiver}" }]
    sql: >-
      SELECT client_ip AS viewer, count() AS requests, sum(bytes_sent) AS bytes
      FROM requests
      GROUP BY viewer
      ORDER BY requests DESC, viewer
  odd:
    window: { type: hopping, size: 1m, every: 10s }
    sql: SELECT no_such_column FROM requests
`;

/** A line of a web server. */
function line(ms: number, viewer: string): string {
  const text = new Date(ms).toISOString();
  const day = `${text.slice(8, 10)}/${months[Number(text.slice(5, 7)) - 1]}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
  return `${viewer} - - [${day}] "GET /live/${ms} HTTP/1.1" 200 12 "-" "curl/8.5.0"\n`;
}

async function send({ address }: Server, lines: readonly string[]): Promise<void> {
  const answer = await fetch(`${address}ingest/ndjson`, { method: 'POST', body: lines.join('') });
  expect(answer.status).toBe(200);
}

/** A server of its own with continuous queries, to which lines of now are sent. */
export function windowCases(current: () => ConsoleUnderTest): void {
  it('shows windows as they are emitted, what a late row corrects, and how they are answered', async () => {
    const { page, folder } = current();
    const config = join(folder, 'windows.yaml');
    const receiver = createServer((_request, response) => response.writeHead(404).end());
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    await writeFile(config, configured(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`));
    const store = join(folder, 'windows');
    const server = await startTailrace(store, '0', '--config', config);
    const { address } = server;
    const begin = Math.floor(Date.now() / 10_000) * 10_000 - 60_000;
    try {
      await page.goto(`${address}#/sql`);
      await page.getByRole('link', { name: 'Windows' }).click();
      await page.locator('[data-window="odd"] .window-problem', { hasText: 'no_such_column' }).waitFor();
      await expectText(page.locator('[data-window="odd"]'), /retrying.*hopping, 60 seconds every 10 seconds/);
      await page.getByRole('link', { name: 'talkers' }).click();
      expect(await page.title()).toBe('Windows – Tailrace');
      await expectText(page.locator('[data-panel="window-chart"]'), /No window has been emitted yet/);

      const viewers = Array.from({ length: 8 }, (_, index) => `192.0.2.${index}`);
      const lines = [0, 10_000, 20_000].flatMap((ms) =>
        viewers.flatMap((viewer, index) => Array(index + 1).fill(line(begin + ms + 1000, viewer))),
      );
      await send(server, lines);
      const rows = page.locator('[data-panel="window-rows"] tbody');
      const first = rows.nth(2);
      await expectText(first, /192\.0\.2\.7\s*8\s*96.*192\.0\.2\.0\s*1\s*12/);
      await expectText(page.locator('[data-panel="window"]'), /talkers.*running.*tumbling, 10 seconds.*Live/);

      // What is on the screen is what the table has.
      const stored = async () => {
        const sql =
          'SELECT viewer, requests, bytes FROM windows_talkers ORDER BY window_start DESC, requests DESC, viewer';
        const answer = await page.request.post(`${address}api/query`, { data: { sql, format: 'json' } });
        const { data } = (await answer.json()) as { data: readonly Readonly<Record<string, string>>[] };
        return data.flatMap((row) => Object.values(row));
      };
      const shown = async () => {
        const cells = await page.locator('[data-panel="window-rows"] td').allTextContents();
        return cells.map((cell) => cell.trim());
      };
      expect(await shown()).toEqual(await stored());
      expect(await shown()).toHaveLength(3 * 24);
      await expectText(
        page.locator('[data-panel="window-chart"]'),
        /requests by viewer.*3 more values of viewer are one series.*192\.0\.2\.7 24.*3 others 18/,
      );
      await page.getByRole('button', { name: 'Table of requests by viewer' }).click();
      const last = page.getByRole('dialog').locator('tbody tr').last();
      expect((await last.locator('td').allTextContents()).slice(1)).toEqual(['8', '7', '6', '5', '4', '6']);
      await page.keyboard.press('Escape');

      // A late row: its window is emitted again.
      await send(server, [line(begin + 2000, '192.0.2.7'), line(begin + 2000, '198.51.100.1')]);
      await first.locator('.badge', { hasText: 'correction 1' }).waitFor();
      await expectText(first, /192\.0\.2\.7\s*8\s*9\s*96\s*108.*198\.51\.100\.1\s*new\s*1/);
      expect(await first.locator('del').allTextContents()).toEqual(['8', '96']);
      await page.locator('[data-panel="window-chart"] .chart-mark').waitFor();
      await page.locator('.window-figures', { hasText: 'Corrections1' }).waitFor();

      await page.locator('[data-panel="window-query"] dd', { hasText: 'aggregate states' }).waitFor();
      await expectText(
        page.locator('[data-panel="window-query"]'),
        /from aggregate states.*panes of 10 seconds.*String/,
      );
      for (const width of [390, 900, 1440]) {
        await page.setViewportSize({ width, height: 1400 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await current().photograph(`window-${width}-${colorScheme}`, true);
        }
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
      expect(await findSerious(page)).toEqual([]);
      await page.getByRole('button', { name: 'Flink SQL' }).click();
      await page.getByRole('dialog').locator('.sql-block').waitFor();
      await expectText(page.getByRole('dialog'), /late rows.*CREATE TABLE `requests`.*TUMBLE\(TABLE `requests`/);
      expect(await findSerious(page)).toEqual([]);
      await page.keyboard.press('Escape');

      // The number of a window opens as SQL over its rows.
      await first.getByRole('link').click();
      await page.getByRole('button', { name: 'Run' }).click();
      await expectText(page.locator('[aria-label="Result"]'), /9 rows in.*192\.0\.2\.7\s*9\s*108/);

      // A change of it is tried over what is stored before it is made.
      await page.goto(`${address}#/windows/talkers`);
      await page.getByRole('link', { name: 'Try a change' }).click();
      await page.locator('.cm-content').waitFor();
      await page.getByRole('button', { name: 'Backtest' }).click();
      await expectText(page.locator('[data-panel="window-backtest"]'), /3 windows with rows, 25 result rows.*states/);
      expect(await shown()).toEqual(await stored());
      await expectText(page.locator('[data-panel="window-yaml"]'), /talkers:.*size: 10s.*sql: \|-\s+SELECT client_ip/);
      expect(await findSerious(page)).toEqual([]);
      await current().photograph('window-editor', true);

      await page.goto(`${address}#/windows`);
      await page.locator('[data-window="talkers"]').waitFor();
      expect(await findSerious(page)).toEqual([]);
      expect(current().problems.filter((problem) => !problem.startsWith(address))).toEqual([]);

      // The browser tells of a refusal too.
      await page.getByRole('link', { name: 'New query' }).click();
      await page.getByLabel('Size').fill('10 parsecs');
      await page.getByRole('button', { name: 'Backtest' }).click();
      await expectText(page.locator('.panel[role="alert"]'), /window\.size: "parsecs" is not a unit/);

      // An operator saves it, and deletes it again.
      const { stdout } = await runTailrace('console', '--config', config, '--store', store);
      await page.goto(stdout.trim());
      await page.waitForURL(({ hash }) => hash === '');
      await page.goto(`${address}#/windows/+`);
      await page.getByLabel('Name').fill('talkers');
      await page.getByRole('button', { name: 'Save talkers' }).click();
      await page.getByText('it is a query of the configuration').waitFor();
      await page.getByLabel('Name').fill('saved');
      await page.getByRole('button', { name: 'Save saved' }).click();
      await page.waitForURL(({ hash }) => hash === '#/windows/saved');
      await expectText(page.locator('[data-panel="window-query"]'), /Defined\s*over the API/);
      await page.getByRole('button', { name: 'Delete saved' }).click();
      await page.locator('.empty, main', { hasText: 'no continuous query “saved”' }).waitFor();
    } finally {
      await server.stop();
      receiver.close();
    }
  });
}
