import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Whether the module with this URL is what `node` or `tsx` was asked to run, rather than imported. */
export function isMain(url: string): boolean {
  const started = process.argv[1];
  return started !== undefined && url === pathToFileURL(realpathSync(started)).href;
}
