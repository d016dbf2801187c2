import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

export function outageCases(current: () => ConsoleUnderTest): void {
  it('says so in each panel, and fills it again when asked to', async () => {
    const { page } = current();
    await current().openOverview();
    await current().stopServer();
    try {
      await page.getByRole('button', { name: 'Last 7 days' }).click();
      const panel = page.locator('[data-panel="top-paths"]');
      await expectText(panel.getByRole('alert'), /does not answer.*tailrace/);
      await current().allSettled();
      expect(await page.locator('[data-panel][data-state="error"]').count()).toBe(24);
      await current().photograph('outage');
    } finally {
      await current().startServer();
    }
    const panel = page.locator('[data-panel="top-paths"]');
    await panel.getByRole('button', { name: 'Retry' }).click();
    await expectText(panel.locator('table'), /favicon/);
  });
}
