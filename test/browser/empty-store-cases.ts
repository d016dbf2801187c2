import { expect, it } from 'vitest';
import { exampleLogs, runTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

export function emptyStoreCases(current: () => ConsoleUnderTest): void {
  it('says what to type, and that is right', async () => {
    const { page, address, store, problems } = current();
    await page.goto(address);
    const help = page.locator('[data-panel="empty-store"]');
    await expectText(help, /Stop this server.*npx tailrace ingest.*npx tailrace up/);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await current().photograph(`empty-store-${width}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect(problems).toEqual([]);

    await current().stopServer();
    await runTailrace('ingest', '--quiet', '--store', store, exampleLogs);
    await current().startServer();
    await page.reload();
    await current().allSettled();
    await expectText(page.locator('.trust'), /9,995 rows/);
  });
}
