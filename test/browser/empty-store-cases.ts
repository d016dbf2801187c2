import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exampleLogs, runTailrace, startTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

export function emptyStoreCases(current: () => ConsoleUnderTest): void {
  it('says what to type, and that is right', async () => {
    const { page, address, store, problems } = current();
    await page.goto(address);
    const help = page.locator('[data-panel="empty-store"]');
    await expectText(help, /Drop log files here.*curl --data-binary.*npx tailrace ingest.*type: kinesis/);
    expect(await page.title()).toBe('Overview – Tailrace');
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await current().photograph(`empty-store-${width}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect(problems).toEqual([]);

    await current().stopServer();
    await runTailrace('ingest', '--quiet', '--store', store, exampleLogs);
    await current().startServer();
    await current().openOverview('?range=all');
    await expectText(page.locator('.tile').first(), /Requests9,995/);
  });

  it('takes logs that are dropped: other logs first, then requests', async () => {
    const { page, folder } = current();
    const server = await startTailrace(join(folder, 'dropped'), '0');
    try {
      await page.goto(server.address);
      const choose = page.getByLabel('Log files');
      const lines = Array.from(
        { length: 3 },
        (_, n) => `{"time":"2026-11-20T10:00:0${n}Z","level":"info","msg":"m ${n}"}\n`,
      );
      await choose.setInputFiles({ name: 'app.log', mimeType: 'text/plain', buffer: Buffer.from(lines.join('')) });
      await expectText(
        page.locator('[data-panel="empty-store"]', { hasText: '3 lines' }),
        /No requests, but other logs.*3 lines/,
      );
      const log = 'd111111abcdef8.cloudfront.net';
      await choose.setInputFiles({ name: 'edge.log', mimeType: 'text/plain', buffer: edgeLog(log) });
      await page.locator('.tile', { hasText: 'Requests300' }).waitFor();
      await current().allSettled();
    } finally {
      await server.stop();
    }
  });
}

function edgeLog(host: string): Buffer {
  const fields = 'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status';
  const line = ['2015-05-19', '12:00:00', 'FRA56-P4', '10', '192.0.2.1', 'GET', host, '/a', '200'].join('\t');
  return Buffer.from(`#Version: 1.0\n#Fields: ${fields}\n${`${line}\n`.repeat(300)}`);
}
