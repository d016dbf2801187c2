import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../findings.ts';
import { runIngest } from '../tailrace-process.ts';
import { writeLogs } from '../traffic/write-logs.ts';
import { alternate, cpuSecondsOf, secondsOf, secondsText } from './runs.ts';

const linesPerFile = 50;

/** Files of 50 lines against the same lines in one file. */
export async function compareSmallFiles(work: string, rows: number, repeat: number): Promise<Finding> {
  const one = await writeLogs({ rows, directory: join(work, 'few'), layout: 'one' });
  const many = await writeLogs({ rows, directory: join(work, 'many'), layout: 'many' });
  const store = join(work, 'store-small-files');
  const ingest = async (pattern: string) => {
    await rm(store, { recursive: true, force: true });
    return runIngest(store, pattern, rows);
  };
  const runs = await alternate(repeat, {
    'one file': () => ingest(one.files[0] ?? ''),
    'small files': () => ingest(join(work, 'many', '*.gz')),
  });
  for (const folder of [store, join(work, 'few'), join(work, 'many')]) await rm(folder, { recursive: true });
  return {
    name: `${many.files.length.toLocaleString('en')} files of ${linesPerFile} lines against one file`,
    value: secondsOf(runs['small files']) / secondsOf(runs['one file']),
    unit: '×',
    target: { atMost: 1.5 },
    cpu: cpuSecondsOf(runs['small files']) / cpuSecondsOf(runs['one file']),
    from: `${secondsText(runs['small files'])} against ${secondsText(runs['one file'])}`,
  };
}
