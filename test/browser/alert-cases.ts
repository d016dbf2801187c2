import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { findSerious } from './accessibility-cases.ts';
import { runTailrace, type Server, startTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Of the last minutes, every fourth of the newest half answered with 502. */
function failingLines(nowMs: number): string {
  return Array.from({ length: 400 }, (_, index) => {
    const text = new Date(nowMs - 1000 - index * 300).toISOString();
    const day = `${text.slice(8, 10)}/${months[Number(text.slice(5, 7)) - 1]}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
    const status = index < 200 && index % 4 === 0 ? 502 : 200;
    return `192.0.2.${index % 50} - - [${day}] "GET /shop/${index % 7} HTTP/1.1" ${status} 12 "-" "curl/8.5.0"\n`;
  }).join('');
}

/** A server of its own with an alert that fires, and a receiver that refuses to be told. */
export function alertCases(current: () => ConsoleUnderTest): void {
  const withFiringAlert = async (work: (server: Server, store: string) => Promise<void>) => {
    const { folder } = current();
    const store = join(folder, 'alerted');
    const receiver = createServer((_request, response) => response.writeHead(404).end());
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const config = join(folder, 'alerted.yaml');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    await writeFile(
      config,
      `alerts: { server-errors: { delay: 0s, for: 0s, every: 10s, notify: [oncall] } }\nnotifications: { oncall: { type: webhook, url: "${url}" } }\n`,
    );
    const server = await startTailrace(store, '0', '--config', config);
    try {
      const answer = await fetch(`${server.address}ingest/ndjson`, { method: 'POST', body: failingLines(Date.now()) });
      expect(answer.status).toBe(200);
      await work(server, store);
    } finally {
      await server.stop();
      receiver.close();
    }
  };

  it('leads from an alert that fires to the requests that fail, with the mouse and with the keyboard', async () => {
    const { page } = current();
    const isThere = (link: Locator) => link.evaluate((element) => element.matches(':focus'));
    const tabTo = async (link: Locator) => {
      await link.waitFor();
      for (let tabs = 0; tabs < 60 && !(await isThere(link)); tabs++) await page.keyboard.press('Tab');
      expect(await isThere(link)).toBe(true);
      await page.keyboard.press('Enter');
    };
    const click = (link: Locator) => link.click();
    const shown = page.locator('[data-rows="ready"] .rows-table tbody tr').first();

    await withFiringAlert(async ({ address }, store) => {
      for (const follow of [click, tabTo]) {
        // From any page.
        await page.goto(`${address}?live=off#/sql`);
        await follow(page.locator('.fact', { hasText: 'Alerts1 fires, not delivered: 1' }).getByRole('link'));
        const row = page.locator('[data-alert="server-errors"]');
        await expectText(row, /firing.*critical.*since \d+ \w+ ago, value 0\.\d+, threshold 0\.05.*tells oncall/);
        await expectText(page.locator('[data-panel="dead"]'), /oncall.*server-errors-.*given up after 1 attempt.*404/);
        await follow(row.getByRole('link'));
        await expectText(page.locator('[data-panel="alert"]'), /firing.*value \d+\.\d.%, threshold 5\.0.%/);
        await expectText(page.locator('[data-panel="alert-history"]'), /firing.*\d+\.\d.%.*oncall: dead/);
        await expectText(page.locator('[data-panel="alert-definition"]'), /÷ denominator is above 5\.0 %.*status:5xx/);
        await follow(page.getByRole('link', { name: 'Its requests' }));
        await shown.waitFor();
        await expectText(page.getByRole('list', { name: 'Filter' }), /status:5xx/);
        // Lines that came after the range that was evaluated last are not of it.
        const { searchParams } = new URL(page.url());
        const [from, to] = ['from', 'to'].map((name) => `'${searchParams.get(name)?.replace('T', ' ')}:00'`);
        const sql = `SELECT toUInt8(count()) AS n FROM requests WHERE status = 502 AND time >= ${from} AND time < ${to}`;
        const answer = await page.request.post(`${address}api/query`, { data: { sql } });
        const { data } = (await answer.json()) as { data: readonly { readonly n: number }[] };
        expect(data[0]?.n).toBeGreaterThan(0);
        expect(await page.locator('.rows-table tbody tr').count()).toBe(data[0]?.n);
      }

      await page.goto(`${address}#/alerts/server-errors`);
      await page.locator('[data-panel="alert-values"] .chart-mark').first().waitFor();
      for (const width of [390, 900, 1440]) {
        await page.setViewportSize({ width, height: 1400 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await current().photograph(`alert-${width}-${colorScheme}`);
        }
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        // All pages are in view.
        const nav = page.locator('.page-head nav');
        expect(await nav.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
      }
      expect(await findSerious(page)).toEqual([]);

      // The console tells the command, which only the user of the server may run.
      await page.getByRole('button', { name: 'Silence' }).click();
      expect(await findSerious(page)).toEqual([]);
      await page.getByLabel('Comment').fill('known, ticket 12');
      expect(await page.locator('.command').textContent()).toBe(
        "tailrace alerts silence alert=server-errors --for 1h --comment 'known, ticket 12'",
      );
      await page.keyboard.press('Escape');
      await runTailrace('alerts', 'silence', 'alert=server-errors', '--for', '2h', '--store', store);
      await page.locator('[data-panel="alert"] .badge', { hasText: 'silenced' }).first().waitFor();
      await page.goto(`${address}#/alerts`);
      await expectText(page.locator('[data-panel="silences"]'), /until.*alert=server-errors/);
      expect(await findSerious(page)).toEqual([]);

      // Whoever has the address that the server's user was given may do it here.
      const { stdout } = await runTailrace('console', '--store', store);
      await page.goto(stdout.trim());
      expect(stdout).toContain('#operator=');
      await page.waitForURL(({ hash }) => hash === '');
      await page.goto(`${address}#/alerts`);
      await page.getByRole('button', { name: 'Send once more' }).click();
      await page.getByText('1 message is sent once more').waitFor();
      await page.getByRole('button', { name: 'End now' }).click();
      await page.locator('[data-panel="silences"]', { hasText: 'None.' }).waitFor();
      await page.goto(`${address}#/alerts/server-errors`);
      await page.locator('[data-panel="alert"] .badge', { hasText: 'firing' }).first().waitFor();
      const tested = page.locator('[data-panel="alert-backtest"]');
      const end = Date.parse(`${await tested.getByLabel('To').inputValue()}Z`);
      await tested.getByLabel('From').fill(new Date(end - 300_000).toISOString().slice(0, 19));
      await tested.getByRole('button', { name: 'Test' }).click();
      await tested.getByText(/^3[01] evaluations would have sent 1 message\.$/).waitFor();
      await expectText(tested.locator('tbody tr').last(), /firing.*firing/);
      await page.getByRole('button', { name: 'Silence' }).click();
      await page.getByLabel('For how long').selectOption('Until tomorrow 8:00');
      await page.getByLabel('Your name').fill('Ada');
      expect(await findSerious(page)).toEqual([]);
      await page.locator('dialog').getByRole('button', { name: 'Silence' }).click();
      await page.locator('[data-panel="alert"] .badge', { hasText: 'silenced' }).first().waitFor();
      await page.goto(`${address}#/alerts`);
      await page.locator('[data-panel="silences"]', { hasText: /until .*08:00.*alert=server-errors.*Ada/ }).waitFor();
      for (const link of await page.locator('main a.panel-action').evaluateAll((all) => all.map(String)))
        expect(link).toContain('#/sql?q=');
      expect(current().problems.filter((problem) => !problem.startsWith(address))).toEqual([]);
    });
  });
}
