import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserFiles } from '../../../src/sources/files/user-files.ts';
import { bytesOf, type InputUnderTest, type SourceUnderTest } from '../source-under-test.ts';

/** A user who ingests each file until it is stored or refused. */
export const userFiles: SourceUnderTest = {
  name: 'user files',
  kind: 'ingest',
  unparsable: 'refused',
  exceptions: {},
  async openInput(folder): Promise<InputUnderTest> {
    const waiting = new Set<string>();
    let refused = 0;
    const pathOf = (name: string) => join(folder, `${name}.log`);
    return {
      offer: async (name, content) => {
        writeFileSync(pathOf(name), bytesOf(content));
        waiting.add(pathOf(name));
      },
      repeat: async (name) => {
        waiting.add(pathOf(name));
      },
      run: async (sink, signal) => {
        while (!signal.aborted) {
          const paths = [...waiting];
          const files = new UserFiles(paths);
          try {
            await files.run(sink, signal);
          } catch (cause) {
            // As the command does, which the user ended.
            if (signal.aborted) return;
            throw cause;
          }
          refused += files.failed.length;
          for (const path of paths) waiting.delete(path);
          await pause(10);
        }
      },
      unacknowledged: async () => waiting.size,
      refused: () => refused,
    };
  },
};
