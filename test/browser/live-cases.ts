import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { expectText } from './page-checks.ts';

/** Lines of a web server, each a request at this time. */
function accessLines(times: readonly Date[]): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return times
    .map((time, index) => {
      const text = time.toISOString();
      const day = `${text.slice(8, 10)}/${months[time.getUTCMonth()]}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
      return `192.0.2.${index} - - [${day}] "GET /live/${time.getTime()}-${index} HTTP/1.1" 200 12 "-" "curl/8.5.0"\n`;
    })
    .join('');
}

async function send(address: string, times: readonly Date[]): Promise<void> {
  const answer = await fetch(`${address}ingest/ndjson`, { method: 'POST', body: accessLines(times) });
  expect(answer.status).toBe(200);
}

async function ask(address: string, sql: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${address}api/query`, { method: 'POST', headers, body: JSON.stringify({ sql }) });
  return ((await answer.json()) as { data: readonly unknown[] }).data[0];
}

/** A server of its own, to which lines of now are sent. */
export function liveCases(current: () => ConsoleUnderTest): void {
  it('follows what comes in, keeps its picture while it cannot, and goes on by itself', async () => {
    const { page, folder } = current();
    const store = join(folder, 'live');
    let server = await startTailrace(store, '0');
    const { address } = server;
    try {
      const now = Date.now();
      await send(
        address,
        [now - 3000, now - 2000, now - 1000, now, now + 2 * 86_400_000].map((ms) => new Date(ms)),
      );
      await page.goto(`${address}?range=5m&live=10s`);
      const requests = page.locator('.tile').first();
      await expectText(page.locator('.trust'), /Dated in the future1 rows.*Ranges end now.*Refreshes every 10 s/);
      await current().allSettled();
      await expectText(requests, /Requests4/);
      expect(
        await ask(
          address,
          "SELECT toUInt8(countIf(time > now('UTC') - 300 AND time <= now('UTC'))) AS shown, toUInt8(count()) AS stored FROM requests",
        ),
      ).toEqual({ shown: 4, stored: 5 });
      const age = page.locator('.fact', { hasText: 'Last stored' });
      const before = await age.textContent();
      await expect.poll(() => age.textContent()).not.toBe(before);

      await server.stop();
      await page.getByRole('button', { name: 'Refresh', exact: true }).click();
      await expectText(page.locator('.trust').getByRole('alert'), /does not answer/);
      await expectText(requests, /Requests4/);
      await current().photograph('live-outage');
      await page.locator('.trust', { hasText: 'no answer' }).waitFor();

      server = await startTailrace(store, new URL(address).port);
      await send(address, [new Date()]);
      await page.locator('.tile', { hasText: 'Requests5' }).waitFor();
      expect(await page.locator('.trust').getByRole('alert').count()).toBe(0);
    } finally {
      await server.stop();
    }
  });
}
