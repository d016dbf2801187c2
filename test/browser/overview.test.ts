import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startConsole } from './console-server.ts';
import { chromiumArguments, findChromium } from './find-chromium.ts';

const executablePath = findChromium();
if (!executablePath) console.warn('skipped test/browser/overview: no Chromium found; set CHROMIUM_PATH');

const screenshots = resolve(import.meta.dirname, 'screenshots');
const widths = [390, 900, 1440];

describe.skipIf(!executablePath)('overview', () => {
  let server: Awaited<ReturnType<typeof startConsole>>;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    server = await startConsole();
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: chromiumArguments });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    problems = watch(page, server.address);
  });

  afterEach(() => page.close());

  it('fills every panel without an error, and asks nobody but its own server', async () => {
    await openOverview(page, server.address);
    const states = await page
      .locator('[data-panel]')
      .evaluateAll((panels) => panels.map(({ dataset }) => dataset.state));
    expect(states).toHaveLength(15);
    expect(new Set(states)).toEqual(new Set(['ready']));
    expect(await page.locator('.tile').count()).toBeGreaterThanOrEqual(7);
    for (const canvas of await page.locator('.chart canvas').all()) expect(await hasInk(canvas)).toBe(true);
    expect(problems).toEqual([]);
  });

  for (const width of widths) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`fits ${width} pixels, ${colorScheme}`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await openOverview(page, server.address);
        await page.screenshot({ path: resolve(screenshots, `overview-${width}-${colorScheme}.png`), fullPage: true });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        expect(problems).toEqual([]);
      });
    }
  }

  it('shows the definition and the SQL of a panel by keyboard alone, and gives the focus back', async () => {
    await openOverview(page, server.address);
    const panel = page.locator('[data-panel="hit-ratio"]');
    const definition = panel.getByRole('button', { name: /^What/ });
    await definition.focus();
    await page.keyboard.press('Enter');
    await expectText(panel.getByRole('note'), /÷/);
    await page.keyboard.press('Escape');
    expect(await panel.getByRole('note').count()).toBe(0);

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    const sql = (await dialog.locator('.sql-block').textContent()) ?? '';
    expect(sql).toMatch(/^SELECT/);
    expect(sql).toMatch(/toDateTime\('\d{4}-\d\d-\d\d \d\d:\d\d:00', 'UTC'\)/);
    expect(sql).not.toMatch(/\{\w+:/);
    await page.screenshot({ path: resolve(screenshots, 'sql-dialog.png') });
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
    expect(await panel.getByRole('button', { name: /^SQL of/ }).evaluate((button) => button.matches(':focus'))).toBe(
      true,
    );
    expect(problems).toEqual([]);
  });

  it('opens the SQL of every panel', async () => {
    await openOverview(page, server.address);
    for (const button of await page.getByRole('button', { name: /^SQL of/ }).all()) {
      await button.click();
      await expectText(page.getByRole('dialog').locator('.sql-block'), /SELECT/);
      await page.keyboard.press('Escape');
    }
  });

  it('takes a statement to the SQL page and runs it only when asked', async () => {
    await openOverview(page, server.address);
    await page.getByRole('button', { name: 'SQL of Top paths' }).click();
    await page.getByRole('link', { name: 'Open in SQL console' }).click();
    const input = page.getByRole('textbox', { name: 'SQL' });
    expect(await input.inputValue()).toMatch(/^SELECT/);
    expect(await page.locator('.result-table').count()).toBe(0);
    await input.press('Control+Enter');
    await expectText(page.locator('.result-table'), /18446744073709551615/);
    await page.screenshot({ path: resolve(screenshots, 'sql-page.png') });
    expect(problems).toEqual([]);

    await input.fill('DROP TABLE requests');
    await page.getByRole('button', { name: 'Run' }).click();
    await expectText(page.getByRole('alert'), /only questions.*\n.*SELECT/);
    await page.goBack();
    await page.locator('[data-panel="top-paths"]').waitFor();
  });

  it('keeps range and filters in the address; the back button takes them back', async () => {
    await openOverview(page, server.address);
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByLabel('Host').selectOption({ index: 1 });
    const host = await page.getByLabel('Host').inputValue();
    expect(new URL(page.url()).search).toBe(`?range=7d&host=${host}`);
    await page.reload();
    await allSettled(page);
    expect(await page.getByRole('button', { name: 'Last 7 days' }).getAttribute('aria-pressed')).toBe('true');
    await page.goBack();
    await page.goBack();
    expect(new URL(page.url()).search).not.toContain('range');
    expect(await page.getByLabel('Host').inputValue()).toBe('');
    expect(await page.getByRole('button', { name: 'Last 24 hours' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('takes a custom range, and says when its ends are the wrong way round', async () => {
    await openOverview(page, server.address);
    await page.locator('.custom-range > button').click();
    await page.screenshot({ path: resolve(screenshots, 'custom-range.png') });
    const [from = '', to = ''] = [
      await page.getByLabel('From').inputValue(),
      await page.getByLabel('To (').inputValue(),
    ];
    await page.getByLabel('From').fill(to);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expectText(page.getByRole('alert'), /before the end/);
    await page.getByLabel('From').fill(from);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    expect(new URL(page.url()).search).toBe(`?from=${from}&to=${to}`);
  });

  it('zooms into what is dragged over in a chart', async () => {
    await openOverview(page, server.address);
    const box = await page.locator('[data-panel="bandwidth"] .chart').boundingBox();
    if (!box) throw new Error('the chart has no box');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 4 });
    await page.screenshot({ path: resolve(screenshots, 'brush.png') });
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    await allSettled(page);
    expect(problems).toEqual([]);
  });

  it('hides a series, switches the definition, and shows values under the pointer', async () => {
    await openOverview(page, server.address);
    const results = page.locator('[data-panel="requests-by-result"]');
    await results.getByRole('button', { name: /^Hit/ }).click();
    expect(await results.getByRole('button', { name: /^Hit/ }).getAttribute('aria-pressed')).toBe('false');
    await results.locator('.chart').hover();
    await expectText(results.locator('.tooltip'), /UTC.*Miss/);
    await page.screenshot({ path: resolve(screenshots, 'tooltip.png') });
    const ratios = page.locator('[data-panel="hit-ratio"]');
    await ratios.locator('.legend button').nth(1).click();
    expect(await ratios.locator('.legend button[aria-pressed="true"]').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it('shows what went wrong in a panel, and tries again', async () => {
    server.failing.add('top-paths');
    await openOverview(page, server.address);
    const panel = page.locator('[data-panel="top-paths"]');
    await expectText(panel.getByRole('alert'), /memory limit.*\n.*shorter range/);
    await panel.screenshot({ path: resolve(screenshots, 'panel-error.png') });
    server.failing.clear();
    await panel.getByRole('button', { name: 'Retry' }).click();
    await panel.locator('table').waitFor();
  });

  it('says that there is nothing in a range without rows', async () => {
    await page.goto(`${server.address}?from=2001-01-01T00:00&to=2001-01-02T00:00`);
    await allSettled(page);
    expect(await page.locator('[data-panel][data-state="empty"]').count()).toBeGreaterThanOrEqual(14);
    await page.screenshot({ path: resolve(screenshots, 'empty.png') });
    expect(problems).toEqual([]);
  });
});

async function openOverview(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await allSettled(page);
}

async function allSettled(page: Page): Promise<void> {
  await page.locator('[data-panel="browsers"]').waitFor();
  // Not a function in the page: its security policy refuses to evaluate text.
  await page.locator('[data-panel][aria-busy="true"]').first().waitFor({ state: 'detached' });
  // Charts draw in the frame after their data.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

async function expectText(locator: ReturnType<Page['locator']>, pattern: RegExp): Promise<void> {
  await locator.first().waitFor();
  expect(await locator.first().textContent()).toMatch(new RegExp(pattern.source, 's'));
}

/** Collects what must not happen: errors on the console, and requests to anybody else. */
function watch(page: Page, address: string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(address)) problems.push(request.url());
  });
  return problems;
}

/** Whether anything was painted: an empty canvas has one colour. */
function hasInk(canvas: ReturnType<Page['locator']>): Promise<boolean> {
  return canvas.evaluate((element: unknown) => {
    const { width, height, getContext } = element as CanvasLike;
    const pixels = getContext.call(element, '2d').getImageData(0, 0, width, height).data;
    return pixels.some((value) => value !== 0);
  });
}

/** The part of the DOM's canvas that is used here; this project has no DOM types. */
interface CanvasLike {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
}
