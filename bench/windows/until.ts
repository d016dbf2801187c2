import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;
const longestMs = 1_800_000;

/** @throws Error after half an hour */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + longestMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await sleep(pollMs);
  }
}
