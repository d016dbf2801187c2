import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { startMockServer } from '../../web/dev/mock-server.ts';

/** The built pages. Two test files may run at once, so neither builds: they would write over each other. */
export const webFolder = resolve(import.meta.dirname, '../../dist/web');

/** What the tests look at; the one place to change when they shall look at another server. */
export async function startConsole() {
  requirePages();
  return startMockServer(webFolder);
}

/** @throws Error when the console was not built. */
export function requirePages(): void {
  for (const page of ['index.html', 'report.html']) {
    if (existsSync(resolve(webFolder, page))) continue;
    throw new Error(`cannot open page "dist/web/${page}": it is not built; run npm run build`);
  }
}
