import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exampleLogs, runTailrace } from './built-program.ts';
import { ConsoleUnderTest } from './console-under-test.ts';

// `npx tsx test/browser/make-picture.ts`: creates the README's picture from the shipped logs (addresses are masked).
const folder = resolve(import.meta.dirname, '../../docs/images');
const picture = resolve(folder, 'overview.png');
const shown = { width: 1440, height: 1156 };

const opened = await ConsoleUnderTest.open();
try {
  await runTailrace('ingest', '--quiet', '--store', opened.store, exampleLogs);
  await opened.startServer();
  await opened.openPage();
  await opened.page.setViewportSize(shown);
  await opened.openOverview('?from=2015-05-19T04:00&to=2015-05-20T22:00');
  await mkdir(folder, { recursive: true });
  await opened.page.screenshot({ path: picture });
  console.log(picture);
} finally {
  await opened.close();
}
