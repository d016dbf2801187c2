import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { patienceMs } from '../patience.ts';
import { startTailrace } from './built-program.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { writeSql } from './page-checks.ts';

const password = '0123456789abcdef';

export function guardedConsoleCases(current: () => ConsoleUnderTest): void {
  it('opens for who knows the password, which the browser asks for, and for nobody else', async () => {
    const { page, folder } = current();
    const config = join(folder, 'guarded.yaml');
    await writeFile(config, `server: { host: 0.0.0.0, token: ${password} }\n`);
    const server = await startTailrace(join(folder, 'guarded'), '0', '--config', config);
    const browser = page.context().browser();
    if (!browser) throw new Error('BUG: the page has no browser');
    const open = async (httpCredentials?: { username: string; password: string }) => {
      const context = await browser.newContext(httpCredentials ? { httpCredentials } : {});
      context.setDefaultTimeout(patienceMs);
      const opened = await context.newPage();
      // Chromium gives up on a missing or wrong password.
      const answer = await opened.goto(server.address).catch((error: Error) => error);
      return { context, opened, answer: answer instanceof Error ? answer.message : answer?.status() };
    };
    try {
      const stranger = await open();
      expect(String(stranger.answer)).toMatch(/^401$|INVALID_AUTH_CREDENTIALS/);
      await stranger.context.close();
      const guesser = await open({ username: '', password: 'fedcba9876543210' });
      expect(String(guesser.answer)).toMatch(/^401$|INVALID_AUTH_CREDENTIALS/);
      await guesser.context.close();
      const { opened, answer, context } = await open({ username: 'anybody', password });
      expect(answer).toBe(200);
      await opened.locator('[data-panel="empty-store"]').waitFor();
      await opened.goto(`${server.address}#/sql`);
      await opened.locator('.sql-editor').waitFor();
      await writeSql(opened.getByRole('textbox', { name: 'SQL' }), 'SELECT 42 AS answer');
      await opened.getByRole('button', { name: 'Run' }).click();
      await opened.locator('.result-table td', { hasText: '42' }).waitFor();
      await context.close();
    } finally {
      await server.stop();
    }
  });
}
