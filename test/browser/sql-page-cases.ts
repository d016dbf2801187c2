import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { readSqlPageAddress } from '../../web/src/sql/sql-page-address.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText, writeSql as write } from './page-checks.ts';

/** Anew, with nothing of the statement before. */
async function openPage(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('.sql-editor').waitFor();
}

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
    const [first = '', ...others] = links;
    await openPage(page, new URL(first, page.url()).href);
    // Shown, not run: opening a link must not start work on the server.
    expect(await page.locator('.result-table').count()).toBe(0);
    await page.getByRole('button', { name: 'Run' }).click();
    await expectText(page.locator('[aria-label="Result"]'), /^[1-9]\d* rows? in/);
    for (const link of others) {
      const sql = readSqlPageAddress(link);
      const answer = await fetch(new URL('api/query', current().address), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sql }),
      });
      const { rows } = (await answer.json()) as { rows?: number };
      expect(rows, sql ?? link).toBeGreaterThan(0);
    }
    expect(current().problems).toEqual([]);
  });

  it('shows results, none, and what is wrong with a statement', async () => {
    const { page } = current();
    await openPage(page, `${current().address}#/sql`);
    const input = page.getByRole('textbox', { name: 'SQL' });
    await current().photograph('sql-start');
    await page.getByRole('button', { name: /Bots by address/ }).click();
    await expectText(input, /isbot = 'True'/);
    await input.press('Control+Enter');
    await expectText(page.locator('.result-table'), /requestip/);
    await current().photograph('sql-result');

    await write(input, "SELECT path FROM requests WHERE path = 'none'");
    await input.press('Control+Enter');
    await expectText(page.locator('[aria-label="Result"]'), /^0 rows/);
    await current().photograph('sql-none');
    expect(current().problems).toEqual([]);

    await write(input, 'DROP TABLE requests');
    await page.getByRole('button', { name: 'Run' }).click();
    await expectText(page.getByRole('alert'), /begins with "DROP".*SELECT/);
    await current().photograph('sql-refused');
  });

  it('keeps what is typed before the editor is loaded, and where', async () => {
    const { page } = current();
    let load = () => {};
    const isWanted = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route(/sql-editor[^/]*\.js/, async (route) => {
      await isWanted;
      await route.continue();
    });
    await page.goto('about:blank');
    await page.goto(`${current().address}#/sql`);
    await page.locator('textarea').fill('SELECT 4 AS answer');
    for (let steps = 0; steps < ' AS answer'.length; steps++) await page.keyboard.press('ArrowLeft');
    load();
    await page.locator('.sql-editor').waitFor();
    await page.keyboard.type('2');
    await page.keyboard.press('Control+Enter');
    await page.locator('.result-table td', { hasText: /^42$/ }).waitFor();
    expect(current().problems).toEqual([]);
  });

  it('shows numbers as they are stored: an id can be copied from an answer into a statement', async () => {
    const { page } = current();
    await openPage(page, `${current().address}#/sql`);
    const input = page.getByRole('textbox', { name: 'SQL' });
    await write(input, 'SELECT batch, count() AS rows FROM requests GROUP BY batch');
    await input.press('Control+Enter');
    const cells = page.locator('.result-table td:not(:first-child)');
    await cells.first().waitFor();
    const [batch = '', rows = ''] = await cells.allTextContents();
    // More digits than a JavaScript number can represent.
    expect(batch).toMatch(/^\d{17,20}$/);
    await write(input, `SELECT count() AS found FROM requests WHERE batch = ${batch}`);
    await input.press('Control+Enter');
    await page.locator('.result-table th', { hasText: 'found' }).waitFor();
    expect(await cells.allTextContents()).toEqual([rows]);

    await write(
      input,
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
    await openPage(page, `${current().address}#/sql`);
    const input = page.getByRole('textbox', { name: 'SQL' });
    await write(input, "SELECT number, if(number = 0, '=HYPERLINK(1)', '-1') AS text FROM numbers(2000)");
    await input.press('Control+Enter');
    await expectText(page.locator('[aria-label="Result"]'), /^The first 1000 rows in/);
    // The text being edited is not the query that was run.
    await write(input, 'SELECT 1');
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

  it('completes columns with what they mean, goes back to what was asked before, and opens a row', async () => {
    const { page } = current();
    await openPage(page, `${current().address}#/sql?q=${encodeURIComponent('SELECT 1 AS first')}`);
    const input = page.getByRole('textbox', { name: 'SQL' });
    await page.locator('.sql-editor').waitFor();
    await input.press('Control+Enter');
    await page.locator('.result-table th', { hasText: 'first' }).waitFor();
    await write(input, 'SELECT request FROM requests WHERE requests.bytes_s');
    const completion = page.locator('.cm-tooltip-autocomplete');
    // What can be completed is not known before the schema has come.
    const complete = async () => {
      await input.press('Control+Space');
      return completion.isVisible();
    };
    await expect.poll(complete, { interval: 500 }).toBe(true);
    await expectText(completion, /bytes_sent/);
    await expectText(page.locator('.cm-completionInfo'), /\w+ \w+/);
    await current().photograph('sql-completion');
    await input.press('Enter');
    await expectText(input, /requests\.bytes_sent/);

    await write(input, "SELECT 'second' AS name, map('a', 1) AS nested");
    await input.press('Control+Enter');
    await page.locator('.result-table th', { hasText: 'nested' }).waitFor();
    await page.getByRole('button', { name: 'Row 1' }).click();
    await expectText(page.getByRole('dialog', { name: 'Row 1' }), /second.*"a": 1/s);
    await current().photograph('sql-row');
    await page.keyboard.press('Escape');

    await page.goBack();
    await page.locator('.cm-content', { hasText: /^SELECT 1 AS first$/ }).waitFor();
    expect(await page.locator('.result-table').count()).toBe(0);
    expect(current().problems).toEqual([]);
  });
}
