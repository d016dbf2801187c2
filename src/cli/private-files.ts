import { chmod, stat, writeFile } from 'node:fs/promises';

/** The umask that the process was started with; set by {@link keepFilesPrivate}. */
let usualMask = 0o022;

/** From now on this process and its engine process create files readable by their owner only, since they hold logs. */
export function keepFilesPrivate(): void {
  usualMask = process.umask(0o077);
}

/** Writes a file that the user asked for, with the user's usual permissions. */
export async function writeForPeople(path: string, text: string): Promise<void> {
  const before = await stat(path).catch(() => undefined);
  await writeFile(path, text);
  if (!before) await chmod(path, 0o666 & ~usualMask);
}
