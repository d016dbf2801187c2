import { join } from 'node:path';
import type { Finding } from '../findings.ts';
import { settledBytes } from '../store-state.ts';
import { runIngest } from '../tailrace-process.ts';
import { writeLogs } from '../traffic/write-logs.ts';
import { bytesFinding, memoryFinding, runBare } from './bulk.ts';
import { alternate, cpuSecondsOf, secondsOf } from './runs.ts';

/** The fewest lines for which `ingest` starts and does all else that it does for any number. */
const fewLines = 2000;

/**
 * What further lines cost in a store that has some, against the bare insert of as many: the difference of two commands,
 * so that their start, which few lines do not outweigh, does not count.
 */
export async function compareFurtherLines(
  work: string,
  rows: number,
): Promise<{ readonly store: string; readonly findings: readonly Finding[] }> {
  const store = join(work, 'store');
  const log = (name: string, lines: number, seed: number) =>
    writeLogs({ rows: lines, directory: join(work, name), layout: 'one', seed });
  const ingest = async (name: string, lines: number, seed: number) =>
    runIngest(store, (await log(name, lines, seed)).files[0] ?? '', lines);
  const first = await log('first', rows, 1);
  await runIngest(store, first.files[0] ?? '', rows);
  const storedBytes = await settledBytes(store);
  const runs = await alternate(2, {
    'bare insert': () => runBare(first),
    'further lines': (round) => ingest(`further-${round}`, rows, 10 + round),
    'few lines': (round) => ingest(`few-${round}`, fewLines, 20 + round),
  });
  const lines = rows - fewLines;
  const rate = (of: typeof secondsOf): number =>
    ((of(runs['bare insert']) / rows) * lines) / (of(runs['further lines']) - of(runs['few lines']));
  return {
    store,
    findings: [
      {
        name: 'further lines against the bare insert',
        value: rate(secondsOf),
        unit: '×',
        target: { atLeast: 0.8 },
        cpu: rate(cpuSecondsOf),
        from: `${rows.toLocaleString('en')} lines less the command for ${fewLines}`,
      },
      memoryFinding('peak memory', runs['further lines']),
      bytesFinding(storedBytes, first, runs['bare insert']),
    ],
  };
}
