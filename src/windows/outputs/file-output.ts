import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainFolderFault } from '../../destinations/folder-fault.ts';
import { probeFolder } from '../../destinations/probe-folder.ts';
import type { OutputPosition, WindowOutput } from './window-output.ts';

/**
 * A file with a JSON object for each window, a line each. It is cut to the length that was recorded before more is
 * written, so that a window is in it once, also when the program was killed between writing and recording.
 */
export function createFileOutput({ path }: { readonly path: string }): WindowOutput {
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw explainFolderFault(dirname(path), cause);
    }
  };
  return {
    name: path,
    // It refuses nothing: what cannot be written now stops it, and is told.
    giveUpAfterMs: Number.POSITIVE_INFINITY,
    check: () => probeFolder(dirname(path)),
    open: (position) => explained(() => cutTo(path, position)),
    send: (windows) =>
      explained(async () => {
        const lines = Buffer.from(windows.map(({ json }) => `${json}\n`).join(''));
        const file = await open(path, 'a', 0o600);
        try {
          // Somebody may have moved the file away: then a new one begins.
          const { size } = await file.stat();
          await file.writeFile(lines);
          await file.sync();
          return { outcomes: windows.map(() => ({ kind: 'taken' }) as const), bytes: size + lines.length };
        } finally {
          await file.close();
        }
      }),
  };
}

async function cutTo(path: string, { bytes }: OutputPosition): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a', 0o600);
  try {
    const { size } = await file.stat();
    if (size > bytes) await file.truncate(bytes);
  } finally {
    await file.close();
  }
}
