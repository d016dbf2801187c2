import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder; removed when the test that asked for it is over. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-process-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
