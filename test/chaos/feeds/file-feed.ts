import { appendFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Feed, logLine, newId, pause } from '../feed.ts';

/** An application that writes to a file, which is rotated by rename. */
export function createFileFeed(folder: string): Feed {
  const taken = new Set<string>();
  const file = join(folder, 'app.log');
  mkdirSync(folder, { recursive: true });
  let rotations = 0;
  return {
    name: 'files',
    pipeline: `files:\n    source: { type: files, paths: ["${file}*"] }`,
    taken,
    doubtful: new Set(),
    async run(_worker, signal) {
      while (!signal.aborted) {
        const ids = Array.from({ length: 20 }, () => newId('file'));
        appendFileSync(file, ids.map(logLine).join(''));
        for (const id of ids) taken.add(id);
        await pause(20);
      }
    },
    async disturb() {
      if (existsSync(file)) renameSync(file, `${file}.${++rotations}`);
    },
    async close() {},
  };
}
