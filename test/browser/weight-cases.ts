import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';

/** A slow mobile link, as Lighthouse has it: milliseconds, and bytes per second each way. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const free = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

export function weightCases(current: () => ConsoleUnderTest): void {
  // The overview is to take 200 kB and 2.5 seconds: its charts are most of it.
  it.each([
    ['the overview', '?from=2015-05-19T04:00&to=2015-05-20T22:00', '[data-panel="errors"] table', 230_000, 3500],
    // 60 kB, and the editor, which comes after the page.
    ['the SQL page', '#/sql', '.sql-input', 60_000 + 110_000, 2500],
    // The charts are shared with the overview.
    ['the rows', '?from=2015-05-19T04:00&to=2015-05-20T22:00#/explore', '[data-rows="ready"]', 230_000, 3500],
    ['the pipelines', '#/pipelines', '[data-pipeline="http"]', 80_000, 2500],
  ])('loads %s with few bytes, and soon over a slow link', async (_name, view, shown, most, mostMs) => {
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
    const load = async (link: typeof free) => {
      await page.goto('about:blank');
      await wire.send('Network.emulateNetworkConditions', link);
      const startMs = performance.now();
      await page.goto(current().address + view, { waitUntil: 'commit' });
      await page.locator(shown).waitFor();
      return performance.now() - startMs;
    };
    const fast = await load(free);
    await page.waitForLoadState('networkidle');
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(most);
    // What the link adds; what the machine takes depends on what else it does, so the least of two counts.
    const slow = Math.min(await load(slow4g), await load(slow4g));
    expect(slow - fast).toBeLessThan(mostMs);
    console.info(`${view}: ${bytes} bytes, ${Math.round(fast)} ms, over slow 4G ${Math.round(slow)} ms`);
  });
}
