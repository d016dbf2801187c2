import { stat } from 'node:fs/promises';
import type { EngineTask } from '../engine/engine.ts';

/** Some 2,500 gzipped lines. The lists of patterns are not compiled then, so that it is also a bound on the time. */
const fewBytes = 256 * 1024;

/** For files as named by the user, which may be so small that the command is over in a second or two. */
export async function taskOf(named: readonly string[]): Promise<EngineTask> {
  const files = await Promise.all(named.map((path) => stat(path).catch(() => undefined)));
  const bytes = files.reduce((sum, file) => sum + (file?.isFile() ? file.size : Number.POSITIVE_INFINITY), 0);
  return bytes <= fewBytes ? 'few lines' : 'many lines';
}
