import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exampleLogs, runTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';

/** A path that would close the script element with the page's data. */
const hostilePath = '/</script><b>&amp;';

export function reportFileCases(current: () => ConsoleUnderTest): void {
  it('works from disk, alone, with any text in its data', async () => {
    const { page, folder } = current();
    const logs = join(folder, 'hostile.log');
    const file = join(folder, 'report.html');
    await writeFile(logs, hostileLog());
    await runTailrace('report', exampleLogs, logs, '-o', file);
    await page.goto(`file://${file}`);
    await page.locator('[data-panel="browsers"] table').waitFor();
    const states = await page.locator('[data-panel]').evaluateAll((all) => all.map(({ dataset }) => dataset.state));
    expect(states).toEqual(new Array(24).fill('ready'));
    expect(await page.locator('[data-panel="top-paths"]').textContent()).toContain(hostilePath);
    await page.getByRole('button', { name: 'SQL of Top bots' }).click();
    expect(await page.getByRole('dialog').locator('.sql-block').textContent()).toMatch(/^SELECT/);
    expect(await page.getByRole('link', { name: /SQL console|rows|lines/ }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await current().photograph('report', true);
    expect(current().problems).toEqual([]);
  });

  it('runs nothing but its own script, and loads nothing', async () => {
    const { page, folder } = current();
    const html = await readFile(join(folder, 'report.html'), 'utf8');
    const added =
      '<img src="https://stranger.example/x.png"><b style="color: red" onclick="document.title=1">b</b>' +
      '<script>document.title = "taken"</script><style>b { color: red }</style>';
    const file = join(folder, 'altered.html');
    await writeFile(
      file,
      html.replace('<div id="root">', () => `${added}<div id="root">`),
    );
    await page.goto(`file://${file}`);
    await page.locator('[data-panel="browsers"] table').waitFor();
    expect(await page.title()).toBe('Tailrace report');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('b')).color`)).not.toBe('rgb(255, 0, 0)');
    const refusals = current().problems.filter((text) => /Content Security Policy/.test(text));
    for (const what of [/script-src/, /style-src/, /img-src/]) expect(refusals.join('\n')).toMatch(what);
  });
}

function hostileLog(): string {
  const fields = 'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status';
  const path = '/%3C/script%3E%3Cb%3E&amp;';
  const line = ['2015-05-19', '12:00:00', 'FRA56-P4', '10', '192.0.2.1', 'GET', 'a.cloudfront.net', path, '200'];
  return `#Version: 1.0\n#Fields: ${fields}\n${`${line.join('\t')}\n`.repeat(300)}`;
}
