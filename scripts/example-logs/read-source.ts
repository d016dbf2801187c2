import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './sources.ts';

/**
 * The bytes of a published file.
 * @param directory holds the file as `<owner>+<name>/<path>`
 * @throws Error when it is missing or is not the file that {@link Source} describes
 */
export async function readSource(directory: string, { repository, commit, path, sha256 }: Source): Promise<Buffer> {
  const file = join(directory, repository.replace('/', '+'), path);
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new Error(
      `cannot read log "${file}": ${cause.message}; fetch it from github.com/${repository} at ${commit}`,
      { cause },
    );
  });
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw new Error(
      `cannot use log "${file}": its SHA-256 is ${actual}, not ${sha256}; fetch it from github.com/${repository} at ${commit}`,
    );
  }
  return bytes;
}
