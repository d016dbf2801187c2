import { chmod, stat, writeFile } from 'node:fs/promises';

/** What the person's shell keeps from others; set by {@link keepFilesPrivate}. */
let usualMask = 0o022;

/** From here on this process, and the engine's that it starts, make files for their owner alone: they are made of logs. */
export function keepFilesPrivate(): void {
  usualMask = process.umask(0o077);
}

/** Writes a file that a person asked for, with the rights that such files usually have here. */
export async function writeForPeople(path: string, text: string): Promise<void> {
  const before = await stat(path).catch(() => undefined);
  await writeFile(path, text);
  if (!before) await chmod(path, 0o666 & ~usualMask);
}
