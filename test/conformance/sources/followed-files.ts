import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGeneration } from '../../../src/sources/files/file-generation.ts';
import { createFilesSource } from '../../../src/sources/files/files-source.ts';
import { bytesOf, type SourceUnderTest } from '../source-under-test.ts';

/** A folder of logs; that one is delivered again means that it was rotated to another name of the same folder. */
export const followedFiles: SourceUnderTest = {
  name: 'followed files',
  kind: 'files',
  unparsable: 'rejected',
  exceptions: {
    'two pipelines': 'a configuration with two pipelines that follow the same file is refused',
  },
  async openInput(folder) {
    let offeredBytes = 0;
    const names = new Map<string, string>();
    return {
      offer: async (name, content) => {
        const bytes = bytesOf(content);
        offeredBytes += bytes.length;
        names.set(name, join(folder, `${name}.log`));
        writeFileSync(join(folder, `${name}.log`), bytes);
      },
      repeat: async (name) => {
        const path = names.get(name) ?? '';
        names.set(name, `${path}.1`);
        renameSync(path, `${path}.1`);
      },
      run: (sink, signal) =>
        createFilesSource({ pipeline: folder, paths: [folder], startFrom: 'beginning', pollMs: 50 }).run(sink, signal),
      unacknowledged: async (checkpoints) => {
        const stored = await checkpoints.lastStored(`${folder}/`);
        const read = [...stored].map(([origin, version]) => parseGeneration(origin, version)?.read.until ?? 0);
        return offeredBytes - read.reduce((sum, until) => sum + until, 0);
      },
    };
  },
};
