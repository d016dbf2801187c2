import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

/** 42 hours, and 42 hours before of which the logs have some. */
const busy = '?from=2015-05-19T04:00&to=2015-05-20T22:00';

async function ask(address: string, sql: string): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${address}api/query`, { method: 'POST', headers, body: JSON.stringify({ sql }) });
  return ((await answer.json()) as { data: readonly Record<string, unknown>[] }).data[0] ?? {};
}

export function compareCases(current: () => ConsoleUnderTest): void {
  it('draws what was before, in charts, tooltips, tables and SQL', async () => {
    const { page, address } = current();
    await current().openOverview(busy);
    const requests = page.locator('[data-panel="requests-by-result"]');
    const sum = requests.locator('.legend-earlier b');
    await sum.waitFor();
    const before = await ask(
      address,
      "SELECT toUInt32(count()) AS requests FROM requests WHERE time >= '2015-05-17 10:00:00' AND time < '2015-05-19 04:00:00'",
    );
    expect(Number((await sum.textContent())?.replace(',', ''))).toBe(before.requests);
    expect(await page.locator('.chart .ghost path').count()).toBeGreaterThanOrEqual(6);
    await expectText(page.locator('.tile').first(), /Requests.*(up|down) by.*was/);

    await requests.locator('.chart').hover();
    await expectText(requests.locator('.tooltip'), /Total.*Period before: 1[78] May 2015/);
    await current().photograph('comparison');

    await requests.getByRole('button', { name: 'SQL of Requests by result' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Period before' }).click();
    await expectText(dialog.locator('.sql-block'), /'2015-05-17 10:00:00'.*'2015-05-19 04:00:00'/);
    await page.keyboard.press('Escape');
    await requests.getByRole('button', { name: 'Table of Requests by result' }).click();
    await expectText(dialog.locator('thead'), /Hit.*Miss.*Total, period before/);
    expect(await dialog.locator('tbody tr').count()).toBe(84);
    await page.keyboard.press('Escape');
    expect(current().problems).toEqual([]);
  });

  it('is chosen, kept in the address, and says when there are no data', async () => {
    const { page } = current();
    await current().openOverview(busy);
    const select = page.getByLabel('Compare with');
    await select.selectOption('week');
    await expectText(
      page.locator('[data-panel="hit-ratio"] .legend-earlier', { hasText: 'no data' }),
      /Last week: no data/,
    );
    await page.locator('.tile', { hasText: 'no data at the same time last week' }).waitFor();
    expect(new URL(page.url()).searchParams.get('compare')).toBe('week');
    await select.selectOption('day');
    await page.locator('[data-panel="ttfb"] .ghost path').first().waitFor();
    await select.selectOption('none');
    expect(await page.locator('.ghost, .legend-earlier').count()).toBe(0);
    expect(await page.locator('.tile .delta').allTextContents()).toEqual(new Array(7).fill(''));
    expect(current().problems).toEqual([]);
  });

  it('marks the same moment in all charts, by pointer and by keys', async () => {
    const { page } = current();
    await current().openOverview(busy);
    const ratios = page.locator('[data-panel="hit-ratio"] .chart');
    const marks = page.locator('.chart :is(.cursor-band, .cursor-line)');
    await ratios.hover();
    await expect.poll(() => marks.count()).toBe(6);
    expect(await page.locator('.tooltip').count()).toBe(1);
    await page.mouse.move(0, 0);
    await expect.poll(() => marks.count()).toBe(0);
    await ratios.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await ratios.getAttribute('aria-valuetext')).toMatch(/^20 May 2015, 21:00 – 21:30 UTC: Cacheable [\d.]+/);
    expect(await marks.count()).toBe(6);
    await page.keyboard.press('Escape');
    expect(await marks.count()).toBe(0);
  });
}
