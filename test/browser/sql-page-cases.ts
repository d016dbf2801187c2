import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

export function sqlPageCases(current: () => ConsoleUnderTest): void {
  it('answers the SQL of every panel', async () => {
    const { page } = current();
    await current().openOverview();
    const names = await page
      .getByRole('button', { name: /^SQL of/ })
      .evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(names).toHaveLength(25);
    const links: string[] = [];
    for (const name of names) {
      await page.getByRole('button', { name: name ?? '', exact: true }).click();
      links.push((await page.getByRole('link', { name: 'Open in SQL console' }).getAttribute('href')) ?? '');
      await page.keyboard.press('Escape');
    }
    for (const link of links) {
      await page.goto(new URL(link, page.url()).href);
      // Shown, not run: opening a link must not start work on the server.
      expect(await page.locator('.result-table').count()).toBe(0);
      await page.getByRole('button', { name: 'Run' }).click();
      await expectText(page.locator('[aria-label="Result"]'), /^[1-9]\d* rows? in/);
    }
    expect(current().problems).toEqual([]);
  });

  it('shows results, none, and what is wrong with a statement', async () => {
    const { page } = current();
    await page.goto(`${current().address}#/sql`);
    const input = page.getByRole('textbox', { name: 'SQL' });
    await current().photograph('sql-start');
    await page.getByRole('button', { name: /Bots by address/ }).click();
    expect(await input.inputValue()).toContain("isbot = 'True'");
    await input.press('Control+Enter');
    await expectText(page.locator('.result-table'), /requestip/);
    await current().photograph('sql-result');

    await input.fill("SELECT path FROM requests WHERE path = 'none'");
    await input.press('Control+Enter');
    await expectText(page.locator('[aria-label="Result"]'), /^0 rows/);
    await current().photograph('sql-none');
    expect(current().problems).toEqual([]);

    await input.fill('DROP TABLE requests');
    await page.getByRole('button', { name: 'Run' }).click();
    await expectText(page.getByRole('alert'), /begins with "DROP".*SELECT/);
    await current().photograph('sql-refused');
  });

  it('shows numbers as they are stored: an id can be copied from an answer into a statement', async () => {
    const { page } = current();
    await page.goto(`${current().address}#/sql`);
    const input = page.getByRole('textbox', { name: 'SQL' });
    await input.fill('SELECT batch, count() AS rows FROM requests GROUP BY batch');
    await input.press('Control+Enter');
    const cells = page.locator('.result-table td');
    await cells.first().waitFor();
    const [batch = '', rows = ''] = await cells.allTextContents();
    // More digits than a JavaScript number can represent.
    expect(batch).toMatch(/^\d{17,20}$/);
    await input.fill(`SELECT count() AS found FROM requests WHERE batch = ${batch}`);
    await input.press('Control+Enter');
    await page.locator('.result-table th', { hasText: 'found' }).waitFor();
    expect(await cells.allTextContents()).toEqual([rows]);

    await input.fill(
      'SELECT nan AS a, -inf AS b, toInt64(-9223372036854775808) AS c, NULL AS d, toDecimal64(2.5, 2) AS e',
    );
    await input.press('Control+Enter');
    await page.locator('.result-table th', { hasText: /^a$/ }).waitFor();
    expect(await cells.allTextContents()).toEqual(['nan', '-inf', '-9223372036854775808', 'NULL', '2.5']);
    expect(await cells.nth(2).getAttribute('class')).toBe('number');
    expect(current().problems).toEqual([]);
  });

  it('saves a result for spreadsheets, in which no text is a formula', async () => {
    const { page } = current();
    await page.goto(`${current().address}#/sql`);
    const input = page.getByRole('textbox', { name: 'SQL' });
    await input.fill("SELECT number, if(number = 0, '=HYPERLINK(1)', '-1') AS text FROM numbers(2000)");
    await input.press('Control+Enter');
    await expectText(page.locator('[aria-label="Result"]'), /^2000 rows in.*the first 1000 are shown/);
    // The text being edited is not the query that was run.
    await input.fill('SELECT 1');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('tailrace.csv');
    const lines = (await readFile(await saved.path(), 'utf8')).split('\n');
    expect(lines.slice(0, 3)).toEqual(['"number","text"', `0,"'=HYPERLINK(1)"`, `1,"'-1"`]);
    expect(lines).toHaveLength(2002);
    await current().photograph('sql-download');
    expect(current().problems).toEqual([]);
  });
}
