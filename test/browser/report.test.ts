import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAnswer, mockReports } from '../../web/dev/mock-reports.ts';
import { mockRange } from '../../web/dev/mock-server.ts';
import { requirePages, webFolder } from './console-server.ts';
import { chromiumArguments, findChromium } from './find-chromium.ts';

const executablePath = findChromium();
if (!executablePath) console.warn('skipped test/browser/report: no Chromium found; set CHROMIUM_PATH');

describe.skipIf(!executablePath)('report file', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-report-'));
    requirePages();
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('works from disk, alone, with any text in its data', async () => {
    const file = join(folder, 'report.html');
    await writeFile(file, await fillReport());
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args: chromiumArguments });
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const problems: string[] = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('request', (request) => !/^(file|data):/.test(request.url()) && problems.push(request.url()));
      await page.goto(`file://${file}`);
      await page.locator('[data-panel="browsers"] table').waitFor();
      const states = await page.locator('[data-panel]').evaluateAll((all) => all.map(({ dataset }) => dataset.state));
      expect(states).toEqual(new Array(15).fill('ready'));
      expect(await page.locator('[data-panel="top-bots"]').textContent()).toContain('</script><b>&amp;');
      await page.getByRole('button', { name: 'SQL of Top bots' }).click();
      expect(await page.getByRole('dialog').locator('.sql-block').textContent()).toMatch(/^SELECT/);
      expect(await page.getByRole('link', { name: /SQL console/ }).count()).toBe(0);
      await page.keyboard.press('Escape');
      await page.screenshot({ path: resolve(import.meta.dirname, 'screenshots/report.png') });
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

async function fillReport(): Promise<string> {
  const from = '2026-11-19 14:00:00';
  const parameters = { from, to: '2026-11-20 14:08:00', step: 900, limit: 10, distribution: '', host: '' };
  const reports = Object.fromEntries(Object.keys(mockReports).map((name) => [name, makeAnswer(name, parameters)]));
  const bots = reports['top-bots'];
  if (bots) reports['top-bots'] = { ...bots, rows: [{ bot: '</script><b>&amp;', requests: 1, bytes: 2 }] };
  const data = JSON.stringify({ generatedAt: '2026-11-20T14:10:00Z', range: mockRange, reports });
  const html = await readFile(join(webFolder, 'report.html'), 'utf8');
  const filled = html.replace(
    'id="tailrace-data">null<',
    () => `id="tailrace-data">${data.replaceAll('<', '\\u003c')}<`,
  );
  expect(filled.length).toBeGreaterThan(html.length);
  return filled;
}
