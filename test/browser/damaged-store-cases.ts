import { expect, it } from 'vitest';
import { damageTable } from '../process/damage.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

export function damagedStoreCases(current: () => ConsoleUnderTest): void {
  it('says what is missing beside what is there', async () => {
    const { page, problems } = current();
    await current().stopServer();
    damageTable(current().store, 'requests', 'a folder that is gone');
    await current().startServer();
    await current().openOverview();
    await expectText(page.locator('.trust'), /Damaged.*requests: [\d,]+ of [\d,]+ rows are missing/);
    await current().photograph('damaged-store');
    expect(problems).toEqual([]);
  });
}
