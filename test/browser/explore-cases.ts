import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

const range = '?from=2015-05-19T04:00&to=2015-05-20T22:00';
const inRange = "time >= '2015-05-19 04:00:00' AND time < '2015-05-20 22:00:00'";

export function exploreCases(current: () => ConsoleUnderTest): void {
  const ask = async (sql: string, address = current().address) => {
    const answer = await current().page.request.post(`${address}api/query`, { data: { sql } });
    return ((await answer.json()) as { data: Record<string, unknown>[] }).data;
  };
  const ready = () => current().page.locator('[data-rows="ready"]').waitFor();
  const open = async (view: string) => {
    await current().page.goto(current().address + view);
    await ready();
  };
  const details = () => current().page.locator('[data-row-details]');
  const shownValue = (name: string) => details().locator(`tr:has(th:text-is("${name}")) td`).last().textContent();

  /** The failing path with most requests of a class of status, and the newest of these. */
  const newestFailure = async () => {
    const [path] = await ask(
      `SELECT path, toString(status) AS code, count() AS n FROM requests WHERE ${inRange} AND status BETWEEN 500 AND 599 GROUP BY path, code ORDER BY n DESC, path LIMIT 1`,
    );
    const [row] = await ask(
      `SELECT request_id FROM requests WHERE ${inRange} AND path = '${path?.path}' AND status = ${path?.code} ORDER BY time DESC, batch DESC, line_number DESC LIMIT 1`,
    );
    return { path: String(path?.path), id: row?.request_id };
  };

  it('leads from a spike to the failing path, its cause and one request with its id, in 4 clicks', async () => {
    const { page } = current();
    const wanted = await newestFailure();
    await current().openOverview(range);
    let clicks = 0;
    const click = async (target: ReturnType<typeof page.locator>) => {
      clicks += 1;
      await target.click();
    };
    await click(page.locator('[data-panel="status-classes"] .legend').getByRole('button', { name: /^5xx/ }));
    await current().allSettled();
    const failing = page.locator('[data-panel="failing-paths"] tbody tr').first();
    await click(failing.locator('.to-rows'));
    await ready();
    await expectText(page.getByRole('list', { name: 'Filter' }), /status:5xx.*cause:/);
    await click(page.locator('[data-row-button]').first());
    await details().waitFor();
    expect(clicks).toBeLessThanOrEqual(4);
    expect([await shownValue('path'), await shownValue('request_id')]).toEqual([wanted.path, wanted.id]);
    await current().photograph('explore-row');
    expect(current().problems).toEqual([]);
  });

  it('does so by keyboard alone', async () => {
    const { page } = current();
    const wanted = await newestFailure();
    await current().openOverview(range);
    await page.keyboard.press('/');
    await page.keyboard.type('status:5xx');
    await page.keyboard.press('Enter');
    await current().allSettled();
    const link = page.locator('[data-panel="failing-paths"] tbody tr').first().locator('.to-rows');
    const isThere = () => link.evaluate((element) => element.matches(':focus'));
    for (let tabs = 0; tabs < 80 && !(await isThere()); tabs++) await page.keyboard.press('Tab');
    expect(await isThere()).toBe(true);
    await page.keyboard.press('Enter');
    await ready();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await details().waitFor();
    expect(await shownValue('request_id')).toBe(wanted.id);
    await page.keyboard.press('Escape');
    await details().waitFor({ state: 'detached' });
    expect(current().problems).toEqual([]);
  });

  it('shows the rows of range and filter, older ones too, and exports all of them', async () => {
    const { page } = current();
    await open(`${range}&q=status:404#/explore?columns=path,request_id`);
    const stored = await ask(
      `SELECT request_id FROM requests WHERE ${inRange} AND status = 404 ORDER BY time DESC, batch DESC, object DESC, line_number DESC`,
    );
    const ids = stored.map(({ request_id }) => request_id);
    expect(ids.length).toBeGreaterThan(100);
    const shown = () => page.locator('.rows-table tbody td:nth-child(3)').allTextContents();
    expect(await shown()).toEqual(ids.slice(0, 100));
    await page.getByRole('button', { name: 'Older rows' }).click();
    await page.locator('.rows-table tbody tr').nth(100).waitFor();
    expect(await shown()).toEqual(ids.slice(0, 200));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(ids.length + 1);
    expect(current().problems).toEqual([]);
  });

  it('counts the values of a field, which filter, and moves columns', async () => {
    const { page } = current();
    await open(`${range}#/explore`);
    await page.locator('[data-field="status"] .field-name').click();
    const values = page.locator('[data-field="status"] .field-values');
    const counts = await ask(
      `SELECT toString(status) AS value, toString(count()) AS n FROM requests WHERE ${inRange} GROUP BY value ORDER BY count() DESC, value`,
    );
    await values.waitFor();
    expect(await values.locator('.field-value').allTextContents()).toEqual(counts.map(({ value }) => value));
    const total = counts.reduce((sum, { n }) => sum + Number(n), 0);
    expect(await values.locator('b').first().getAttribute('title')).toBe(
      `${Number(counts[0]?.n).toLocaleString('en')} of ${total.toLocaleString('en')}`,
    );
    await values.getByRole('button', { name: 'Exclude status:200' }).click();
    await page.waitForURL(/q=-status:200/);
    await page.locator('[data-field="ttfb"] .panel-action').click();
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('button', { name: 'Move ttfb up' }).click();
    await page.keyboard.press('Escape');
    expect(decodeURIComponent(new URL(page.url()).hash)).toContain('duration,ttfb,bytes_sent');
    // The line completes names, and values as they are stored.
    await page.keyboard.press('/');
    await page.keyboard.type('cou');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('d');
    await page.getByRole('option', { name: 'DE', exact: true }).waitFor();
    await current().photograph('explore-completion');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    // A search is kept, and comes back.
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByLabel('Name of this search').fill('mine');
    await page.keyboard.press('Enter');
    const saved = page.url();
    await open(`${range}#/explore?table=logs`);
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('link', { name: 'mine' }).click();
    await page.waitForURL(saved);
    expect(current().problems).toEqual([]);
  });

  it('opens the row of a link at any width, without an overflow', async () => {
    const { page } = current();
    await open(`${range}&q=status:5xx#/explore`);
    await page.locator('[data-row-button]').first().click();
    const link = page.url();
    await page.goto('about:blank');
    await open(new URL(link).search.replace('status:5xx', 'status:404') + new URL(link).hash);
    await details().waitFor();
    expect(await shownValue('status')).toMatch(/^5\d\d$/);
    for (const width of [390, 900, 1440]) {
      await page.setViewportSize({ width, height: 1400 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await current().photograph(`explore-${width}-${colorScheme}`);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    await details()
      .getByRole('link', { name: /^Same viewer/ })
      .click();
    await ready();
    expect(new URL(page.url()).searchParams.get('q')).toMatch(/^client_ip:/);
    expect(current().problems).toEqual([]);
  });

  it('finds an error in logs by level and word, shows what lies around it, and follows what comes in', async () => {
    const { page, folder } = current();
    const server = await startTailrace(join(folder, 'explored'), '0');
    const send = async (words: string, count: number) => {
      const lines = Array.from({ length: count }, (_, n) =>
        JSON.stringify({
          time: new Date().toISOString(),
          level: n % 10 === 0 ? 'error' : 'info',
          service: `s${n % 2}`,
          msg: `${words} ${n}`,
          user: `u${n % 3}`,
        }),
      );
      const answer = await fetch(`${server.address}ingest/ndjson`, { method: 'POST', body: `${lines.join('\n')}\n` });
      expect(answer.status).toBe(200);
    };
    try {
      await send('job timeout', 40);
      await page.goto(`${server.address}?range=15m#/explore?table=logs`);
      await ready();
      await page.keyboard.press('/');
      await page.keyboard.type('level:ERROR timeout');
      await page.keyboard.press('Enter');
      await page.locator('.rows-table tbody tr').nth(4).waitFor({ state: 'detached' });
      const [{ n = 0 } = {}] = await ask(
        "SELECT toUInt8(count()) AS n FROM logs WHERE level = 'ERROR' AND message LIKE '%timeout%'",
        server.address,
      );
      expect(await page.locator('.rows-table tbody tr').count()).toBe(n);
      await page.locator('[data-row-button]').first().click();
      await page.getByRole('button', { name: 'Only attributes.user:u0' }).waitFor();
      await page.getByRole('link', { name: /^Same service/ }).click();
      await page.locator('.rows-table tbody tr').nth(19).waitFor();
      await page.getByRole('button', { name: 'Live tail' }).click();
      await page.locator('.panel-subtitle', { hasText: 'as they are stored' }).waitFor();
      await send('later', 140);
      await page.locator('.rows-table tbody tr', { hasText: 'later 138' }).waitFor();
      await expectText(page.locator('.rows-head .panel-subtitle'), /20 came too fast and are left out/);
      await page.getByRole('button', { name: 'Pause' }).click();
      await send('kept back', 2);
      await page.locator('.panel-subtitle', { hasText: 'Paused, 1 new' }).waitFor();
      await current().photograph('explore-tail');
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.locator('.rows-table tbody tr', { hasText: 'kept back 0' }).waitFor();
    } finally {
      await server.stop();
    }
  });
}
