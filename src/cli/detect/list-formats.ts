import { describeBatchLayout, isRefused } from '../../layouts/batch-layout.ts';
import type { InputHints } from '../../layouts/find-layout.ts';
import { inspectInput } from '../../layouts/inspect-input.ts';
import { print } from '../print.ts';

/** Enough for one folder of logs. */
export const mostFiles = 200;

/**
 * Prints one line per file: its format with the confidence, or why none was detected.
 * @param paths only the first {@link mostFiles} are read
 * @returns the number of files with a format
 */
export async function listFormats(paths: readonly string[], hints: InputHints, asJson: boolean): Promise<number> {
  let known = 0;
  for (const path of paths.slice(0, mostFiles)) {
    const { format, confidence, problem } = await formatOf(path, hints);
    if (problem === undefined) known++;
    if (asJson) print(JSON.stringify({ path, format, confidence, problem }));
    else if (problem !== undefined) print(`    –  ${path}: ${problem}`);
    else print(`${String(Math.round(confidence * 100)).padStart(3)} %  ${path}: ${format}`);
  }
  const more = paths.length - mostFiles;
  if (more > 0 && !asJson)
    print(`       … and ${more.toLocaleString('en')} more files; name a folder or a pattern with fewer`);
  return known;
}

type Detected =
  | { readonly format: string; readonly confidence: number; readonly problem?: undefined }
  | { readonly format?: undefined; readonly confidence?: undefined; readonly problem: string };

async function formatOf(path: string, hints: InputHints): Promise<Detected> {
  try {
    const { layout, confidence } = await inspectInput(path, hints, { leastConfidence: 0 });
    return isRefused(layout) ? { problem: layout.refused } : { format: describeBatchLayout(layout), confidence };
  } catch (cause) {
    return { problem: (cause as Error).message };
  }
}
