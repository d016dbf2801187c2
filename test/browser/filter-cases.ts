import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

const range = '?from=2015-05-19T04:00&to=2015-05-20T22:00';
const inRange = "time >= '2015-05-19 04:00:00' AND time < '2015-05-20 22:00:00'";

export function filterCases(current: () => ConsoleUnderTest): void {
  /** Requests on the first tile against SQL on the store, and the filter in the address. */
  const expectRequests = async (condition: string, search: Readonly<Record<string, string>>) => {
    const { page } = current();
    await current().allSettled();
    const sql = `SELECT count() AS n FROM requests WHERE ${inRange} AND ${condition}`;
    const answer = await page.request.post(`${current().address}api/query`, { data: { sql } });
    const { data } = (await answer.json()) as { data: { n: string }[] };
    expect(Number(data[0]?.n)).toBeGreaterThan(0);
    const shown = await page.locator('.tile').first().locator('dd').first().getAttribute('title');
    expect(shown?.replaceAll(/\D/g, '')).toBe(data[0]?.n);
    const query = new URL(page.url()).searchParams;
    expect({ q: query.get('q'), pin: query.get('pin') }).toEqual({ q: null, pin: null, ...search });
  };

  it('filters by what is clicked, and takes it back', async () => {
    const { page } = current();
    await current().openOverview(range);
    await page.locator('[data-panel="status-classes"] .legend').getByRole('button', { name: /^4xx/ }).click();
    await expectRequests('status BETWEEN 400 AND 499', { q: 'status:4xx' });
    await page.locator('[data-panel="errors"]').getByRole('button', { name: 'Status 404', exact: true }).click();
    await expectRequests('status = 404', { q: 'status:4xx cause:"Status 404"' });
    // The second action, by keyboard.
    const path = page.locator('[data-panel="top-paths"] tbody tr').first();
    const shown = await path.locator('.middle-text').getAttribute('title');
    await path.getByRole('button', { name: /^Exclude/ }).focus();
    await page.keyboard.press('Enter');
    await expectRequests(`status = 404 AND path != '${shown}'`, {
      q: `status:4xx cause:"Status 404" -path:${shown}`,
    });
    await current().photograph('filtered');
    await page.goBack();
    await page.goBack();
    await expectRequests('status BETWEEN 400 AND 499', { q: 'status:4xx' });
    await page.goForward();
    await expectRequests('status = 404', { q: 'status:4xx cause:"Status 404"' });
    expect(current().problems).toEqual([]);
  });

  it('shows each term as a chip that is turned round, pinned and removed', async () => {
    const { page } = current();
    await current().openOverview(`${range}&q=status:404+-is_bot:true`);
    const chips = page.getByRole('list', { name: 'Filter' });
    await chips.getByRole('button', { name: /^-is_bot:true/ }).click();
    await expectRequests('status = 404 AND is_bot', { q: 'status:404 is_bot:true' });
    await chips.getByRole('button', { name: 'Pin status:404' }).click();
    await expectRequests('status = 404 AND is_bot', { pin: 'status:404', q: 'is_bot:true' });
    await chips.getByRole('button', { name: 'Clear' }).click();
    await expectRequests('status = 404', { pin: 'status:404' });
    await chips.getByRole('button', { name: 'Remove status:404' }).click();
    await expectRequests('true', {});
  });

  it('orders a list, opens all of its values, and exports them', async () => {
    const { page } = current();
    await current().openOverview(range);
    const rowsOf = async (sql: string) => {
      const answer = await page.request.post(`${current().address}api/query`, { data: { sql } });
      return ((await answer.json()) as { data: { path: string; n: string }[] }).data;
    };
    const panel = page.locator('[data-panel="top-paths"]');
    await panel.getByRole('button', { name: 'Bytes' }).click();
    await current().allSettled();
    const [largest] = await rowsOf(
      `SELECT path FROM requests WHERE ${inRange} GROUP BY path ORDER BY sum(bytes_sent) DESC LIMIT 1`,
    );
    expect(await panel.locator('tbody .middle-text').first().getAttribute('title')).toBe(largest?.path);
    await panel.getByRole('button', { name: /^All of/ }).click();
    const dialog = page.getByRole('dialog');
    const [{ n = '' } = {}] = await rowsOf(`SELECT uniqExact(path) AS n FROM requests WHERE ${inRange}`);
    await expectText(
      dialog.locator('.panel-subtitle', { hasText: 'values' }),
      new RegExp(`^${Number(n).toLocaleString('en')} values, 4,993`),
    );
    // The rows scroll, the buttons below them stay.
    const button = await dialog.getByRole('link', { name: 'All as CSV' }).boundingBox();
    expect((button?.y ?? Number.NaN) + (button?.height ?? 0)).toBeLessThan(page.viewportSize()?.height ?? 0);
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByText('101 to 200').waitFor();
    await current().photograph('all-values');
    const download = page.waitForEvent('download');
    await dialog.getByRole('link', { name: 'All as CSV' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(Number(n) + 1);
    // A value is a filter here too.
    await dialog.locator('tbody .value-include').first().click();
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('q')).toMatch(/^path:/);
    expect(current().problems).toEqual([]);
  });

  it('shows countries on a map and by ranges of time, and filters by both', async () => {
    const { page } = current();
    await page.goto(`${current().address}${range}#/geography`);
    await page.locator('[data-panel="world"] [role="button"]').first().waitFor();
    await page.setViewportSize({ width: 390, height: 2500 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.setViewportSize({ width: 1440, height: 1400 });
    await current().photograph('geography');
    await page.getByLabel('Borders of the ranges').fill('0.2, 2');
    await page.keyboard.press('Enter');
    const times = page.locator('[data-panel="countries-by-ttfb"]');
    await times.getByText('0.2–2 s').waitFor();
    // A country on the map by keyboard, and a number of the table.
    await page.locator('[data-panel="world"] [aria-label^="Germany"]').focus();
    await page.keyboard.press('Enter');
    await times.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
    await times.locator('tbody td button').nth(1).click();
    const query = new URL(page.url()).searchParams;
    expect([query.get('q'), query.get('bounds')]).toEqual(['country:DE ttfb:>=0.2 ttfb:<2', '0.2,2']);
    const sql = `SELECT count() AS n FROM requests WHERE ${inRange} AND country = 'DE' AND ttfb >= toFloat32(0.2) AND ttfb < 2`;
    const answer = await page.request.post(`${current().address}api/query`, { data: { sql } });
    const { data } = (await answer.json()) as { data: { n: string }[] };
    await times.locator('tbody td button').nth(0).getByText('0', { exact: true }).waitFor();
    expect(await times.locator('tbody td button').allTextContents()).toEqual(['0', data[0]?.n, '0']);
    expect(current().problems).toEqual([]);
  });

  it('is written as text, and says what it cannot read', async () => {
    const { page } = current();
    await current().openOverview(range);
    await page.keyboard.press('/');
    await page.keyboard.type('statuss:404');
    await page.keyboard.press('Enter');
    await expectText(page.getByRole('alert'), /there is no field "statuss"; did you mean "status"\?/);
    await page.keyboard.press('Escape');
    await page.keyboard.type('STATUS:400..499 path:*.png');
    await page.keyboard.press('Enter');
    await expectRequests("status BETWEEN 400 AND 499 AND path LIKE '%.png'", { q: 'status:4xx path:*.png' });
    await page.getByRole('button', { name: 'Edit as text' }).click();
    expect(await page.getByLabel('Filter as text').inputValue()).toBe('status:4xx path:*.png');
    await page.keyboard.press('End');
    await page.keyboard.type(' -method:HEAD');
    await page.keyboard.press('Enter');
    await expectRequests("status BETWEEN 400 AND 499 AND path LIKE '%.png' AND method != 'HEAD'", {
      q: 'status:4xx path:*.png -method:HEAD',
    });
    // What is on the page opens as SQL with the filter in it.
    await page.getByRole('button', { name: 'SQL of Status codes' }).click();
    await expectText(page.locator('.sql-block'), /path LIKE '%\.png'\s+AND method != 'HEAD'/);
    expect(current().problems).toEqual([]);
  });
}
