import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { exampleLogs, runTailrace } from './built-program.ts';
import { ConsoleUnderTest } from './console-under-test.ts';
import { findChromium } from './find-chromium.ts';

/** What the store has at first. */
type Stored = 'nothing' | 'example logs';

/** Cases over the built program in a real browser, in their order; each has a page of its own. */
export function describeConsole(stored: Stored, cases: (current: () => ConsoleUnderTest) => void): void {
  const hasChromium = findChromium() !== null;
  if (!hasChromium) console.warn('skipped test/browser: no Chromium found; set CHROMIUM_PATH');
  describe.skipIf(!hasChromium)('console', () => {
    let opened: ConsoleUnderTest;
    beforeAll(async () => {
      opened = await ConsoleUnderTest.open();
      if (stored === 'example logs') await runTailrace('ingest', '--quiet', '--store', opened.store, exampleLogs);
      await opened.startServer();
    });
    afterAll(() => opened?.close());
    beforeEach(() => opened.openPage());
    afterEach(() => opened.closePage());
    cases(() => opened);
  });
}
