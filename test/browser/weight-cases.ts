import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';

export function weightCases(current: () => ConsoleUnderTest): void {
  // How long they take over a slow link is measured by `npm run bench:console`.
  it.each([
    ['the overview', '?from=2015-05-19T04:00&to=2015-05-20T22:00', '[data-panel="errors"] table', 120_000],
    // 60 kB, and the editor, which comes after the page.
    ['the SQL page', '#/sql', '.sql-input', 60_000 + 110_000],
    ['the rows', '?from=2015-05-19T04:00&to=2015-05-20T22:00#/explore', '[data-rows="ready"]', 110_000],
    ['the pipelines', '#/pipelines', '[data-pipeline="http"]', 80_000],
    ['the windows', '#/windows', '[data-panel="windows"]', 80_000],
  ])('loads %s with few bytes', async (_name, view, shown, most) => {
    const { page } = current();
    // What is below the window is not asked for.
    await page.setViewportSize({ width: 1440, height: 900 });
    const wire = await page.context().newCDPSession(page);
    let bytes = 0;
    wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await wire.send('Network.enable');
    await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
    await page.goto(current().address + view, { waitUntil: 'commit' });
    await page.locator(shown).waitFor();
    await page.waitForLoadState('networkidle');
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(most);
    console.info(`${view}: ${bytes} bytes`);
  });
}
