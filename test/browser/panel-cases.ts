import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

export function panelCases(current: () => ConsoleUnderTest): void {
  it('shows its definition and its SQL by keyboard alone, and gives the focus back', async () => {
    const { page } = current();
    await current().openOverview();
    const panel = page.locator('[data-panel="hit-ratio"]');
    await panel.getByRole('button', { name: /^What/ }).focus();
    await page.keyboard.press('Enter');
    await expectText(panel.getByRole('note'), /÷/);
    await current().photograph('definition');
    await page.keyboard.press('Escape');
    expect(await panel.getByRole('note').count()).toBe(0);

    // Its table comes before its SQL.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    const sql = (await dialog.locator('.sql-block').textContent()) ?? '';
    expect(sql).toMatch(/^SELECT/);
    expect(sql).toMatch(/toDateTime\('\d{4}-\d\d-\d\d \d\d:\d\d:00', 'UTC'\)/);
    expect(sql).not.toMatch(/\{\w+:/);
    await current().photograph('sql-dialog');
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
    const button = panel.getByRole('button', { name: /^SQL of/ });
    expect(await button.evaluate((element) => element.matches(':focus'))).toBe(true);
    expect(current().problems).toEqual([]);
  });

  it('zooms into what is dragged over in a chart', async () => {
    const { page } = current();
    await current().openOverview();
    const box = await page.locator('[data-panel="bandwidth"] .chart').boundingBox();
    if (!box) throw new Error('the chart has no box');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 4 });
    await current().photograph('brush');
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    await current().allSettled();
    expect(current().problems).toEqual([]);
  });

  it('hides a series, switches the definition, and shows values under the pointer', async () => {
    const { page } = current();
    await current().openOverview();
    const results = page.locator('[data-panel="requests-by-result"]');
    const hit = results.getByRole('button', { name: 'Show Hit', exact: true });
    await hit.click();
    expect(await hit.getAttribute('aria-pressed')).toBe('false');
    await results.locator('.chart').hover();
    await expectText(results.locator('.tooltip'), /UTC.*Miss/);
    await current().photograph('tooltip');
    const ratios = page.locator('[data-panel="hit-ratio"]');
    await ratios.locator('.legend button').nth(1).click();
    expect(await ratios.locator('.legend button[aria-pressed="true"]').allTextContents()).toEqual(['Console']);
    expect(current().problems).toEqual([]);
  });

  it('shows three percentiles, and the others when asked for', async () => {
    await current().openOverview();
    const legend = current().page.locator('[data-panel="ttfb"] .legend');
    const shown = legend.locator('button[aria-pressed="true"]');
    expect(await shown.allTextContents()).toEqual(['p50', 'p95', 'p99']);
    await legend.getByRole('button', { name: 'p95 of misses' }).click();
    expect(await shown.allTextContents()).toContain('p95 of misses');
  });
}
