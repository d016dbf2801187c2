import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText, findCutTables } from './page-checks.ts';

/** A day and a half with a preceding period of equal length to compare with. */
const busy = '?from=2015-05-19T04:00&to=2015-05-20T22:00';

export function overviewCases(current: () => ConsoleUnderTest): void {
  it('fills every panel without an error, and asks nobody but its own server', async () => {
    const { page } = current();
    await current().openOverview('?range=all');
    const states = await page
      .locator('[data-panel]')
      .evaluateAll((panels) => panels.map(({ dataset }) => dataset.state));
    expect(states).toEqual(new Array(24).fill('ready'));
    await expectText(page.locator('.tile').first(), /Requests9,995no earlier data/);
    const charts = await page
      .locator('.chart')
      .evaluateAll((all) => all.map((chart) => chart.querySelectorAll('.series path').length));
    expect(charts).toHaveLength(6);
    expect(Math.min(...charts)).toBeGreaterThan(0);
    expect(current().problems).toEqual([]);
  });

  it.each([390, 900, 1440])('fits %d pixels, light and dark', async (width) => {
    const { page } = current();
    await page.setViewportSize({ width, height: width < 600 ? 10_000 : 6000 });
    const head = () => page.locator('.page-head').evaluate('(head) => head.offsetHeight');
    // Before the first answer, with the longest range, and with the shortest: the page below does not move.
    await page.route('**/api/range', () => {});
    await page.goto(current().address);
    const height = await head();
    await page.unrouteAll();
    for (const view of ['?from=2014-09-29T04:00:01&to=2015-09-30T22:00:59&live=1m', busy]) {
      await current().openOverview(view);
      expect(await head()).toBe(height);
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await current().allSettled();
      await current().photograph(`overview-${width}-${colorScheme}`, true);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    if (width >= 900) expect(await findCutTables(page.locator('[data-panel]'))).toEqual([]);
    await expectText(page.locator('.tile').nth(2), /Hit ratio.*(up|down) by.*pp/);
    expect(current().problems).toEqual([]);
  });

  it('shows the times of a clock here when it is asked for, and remembers it', async () => {
    const { page } = current();
    await current().openOverview('?from=2015-05-19T04:00&to=2015-05-19T06:00');
    const range = page.locator('.custom-range .button').first();
    await expectText(range, /19 May 2015, 04:00 – 06:00/);
    await page.keyboard.press('z');
    await expectText(range, /19 May 2015, 09:30 – 11:30/);
    await expectText(page.locator('.trust-note'), /Times in local time/);
    await page.reload();
    await range.click();
    expect(await page.locator('input[name="from"]').inputValue()).toBe('2015-05-19T09:30');
    await page.locator('input[name="to"]').fill('2015-05-19T10:30');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL(/from=2015-05-19T04:00&to=2015-05-19T05:00/);
    await page.getByRole('button', { name: 'Times in local time' }).click();
    await expectText(range, /19 May 2015, 04:00 – 05:00/);
    expect(current().problems).toEqual([]);
  });

  it('says whether the data can be believed, and shows the lines that were rejected', async () => {
    const { page } = current();
    await current().openOverview('?range=all');
    await expectText(
      page.locator('.trust'),
      /1 pipeline OK.*Last event20 May 2015.*Last stored\d+ \w+ ago.*Rejected5 lines.*Lateall.*Sampled0.*Ranges end with the last event/,
    );
    await page.getByRole('link', { name: '5 lines' }).click();
    await page.getByRole('button', { name: 'Run' }).click();
    await expectText(page.locator('.result-table'), /too few columns/);
    await page.goto(`${current().address}#/pipelines`);
    await page.getByRole('link', { name: '9,995 rows' }).click();
    await page.getByRole('button', { name: 'Run' }).click();
    await expectText(page.locator('.result-table'), /E2EXAMPLE1DEMO/);
    // Of the range on the page, not of the store.
    await current().openOverview('?from=2001-01-01T00:00&to=2001-01-02T00:00');
    await expectText(page.locator('.trust'), /Rejected0 lines/);
    expect(current().problems).toEqual([]);
  });

  it('keeps range and filters in the address; the back button takes them back', async () => {
    const { page } = current();
    await current().openOverview();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByLabel('Host', { exact: true }).selectOption({ index: 1 });
    const host = await page.getByLabel('Host', { exact: true }).inputValue();
    expect(new URL(page.url()).search).toBe(`?range=7d&q=host:${host}`);
    await page.reload();
    await current().allSettled();
    expect(await page.getByRole('button', { name: 'Last 7 days' }).getAttribute('aria-pressed')).toBe('true');
    await page.goBack();
    await page.goBack();
    expect(new URL(page.url()).search).not.toContain('range');
    expect(await page.getByLabel('Host', { exact: true }).inputValue()).toBe('');
    expect(await page.getByRole('button', { name: 'Last 24 hours' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('takes a custom range, and says when its ends are the wrong way round', async () => {
    const { page } = current();
    await current().openOverview();
    await page.locator('.custom-range > button').click();
    await current().photograph('custom-range');
    const [from, to] = [await page.getByLabel('From').inputValue(), await page.getByLabel('To (').inputValue()];
    await page.getByLabel('From').fill(to);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expectText(page.getByRole('alert'), /before the end/);
    await page.getByLabel('From').fill(from);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    expect(new URL(page.url()).search).toBe(`?from=${from}&to=${to}`);
  });

  it('goes to the range before, back, and to a wider one', async () => {
    const { page } = current();
    await current().openOverview('?from=2015-05-19T12:00&to=2015-05-19T12:05');
    await expectText(page.locator('[data-panel="bots"]'), /per 5 s/);
    const steps = [
      ['Earlier', '?from=2015-05-19T11:55&to=2015-05-19T12:00'],
      ['Later', '?from=2015-05-19T12:00&to=2015-05-19T12:05'],
      ['Zoom out', '?from=2015-05-19T11:57:30&to=2015-05-19T12:07:30'],
    ] as const;
    for (const [name, search] of steps) {
      await page.getByRole('button', { name, exact: true }).click();
      expect(new URL(page.url()).search).toBe(search);
    }
    await current().allSettled();
    expect(current().problems).toEqual([]);
  });

  it('says that there is nothing in a range without rows', async () => {
    const { page } = current();
    await current().openOverview('?from=2001-01-01T00:00&to=2001-01-02T00:00');
    expect(await page.locator('[data-panel][data-state="empty"]').count()).toBe(23);
    await current().photograph('empty-range');
    expect(current().problems).toEqual([]);
  });
}
