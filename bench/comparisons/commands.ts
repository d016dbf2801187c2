import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../findings.ts';
import { goAccessVersion, runGoAccess } from '../goaccess.ts';
import { measureProcess } from '../process-measure.ts';
import { runIngest, runTailrace } from '../tailrace-process.ts';
import { type WrittenLogs, writeLogs } from '../traffic/write-logs.ts';
import { alternate, secondsText, timeFinding } from './runs.ts';

/** What users wait for: the start of a command beside the start of bare Node, a question, a few lines, a report. */
export async function compareCommands(store: string, work: string, repeat: number): Promise<Finding[]> {
  const starts = await alternate(repeat, {
    'bare Node': () => measureProcess(process.execPath, ['-e', '0']),
    'tailrace version': () => runTailrace(['version']),
    'tailrace query': () => runTailrace(['query', '--store', store, 'SELECT count() FROM requests']),
  });
  return [
    timeFinding(
      '`tailrace version`',
      starts['tailrace version'],
      0.15,
      `; bare Node ${secondsText(starts['bare Node'])}`,
    ),
    timeFinding('`tailrace query`, a count', starts['tailrace query'], 0.5),
    ...(await compareFewLines(store, work, repeat)),
    ...(await compareReports(work, repeat)),
  ];
}

async function compareFewLines(store: string, work: string, repeat: number): Promise<Finding[]> {
  const newStore = join(work, 'store-few-lines');
  const lines = (round: number) => smallLog(join(work, `few-lines-${round}`), 2000, 100 + round);
  const runs = await alternate(repeat, {
    'ingest of 2,000 lines, new store': async (round) => {
      await rm(newStore, { recursive: true, force: true });
      return runIngest(newStore, (await lines(round)).files[0] ?? '', 2000);
    },
    'ingest of 2,000 lines, existing store': async (round) =>
      runIngest(store, (await lines(round + repeat)).files[0] ?? '', 2000),
  });
  await rm(newStore, { recursive: true, force: true });
  const [intoNew, existing] = ['ingest of 2,000 lines, new store', 'ingest of 2,000 lines, existing store'] as const;
  return [timeFinding(intoNew, runs[intoNew], 1.2), timeFinding(existing, runs[existing], 0.7)];
}

async function compareReports(work: string, repeat: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const lines of [2000, 10_000]) {
    const { files } = await smallLog(join(work, `report-${lines}`), lines, 1);
    const kinds = {
      report: () => runTailrace(['report', files[0] ?? '', '-o', join(work, 'report.html')]),
      ...(goAccessVersion() === undefined ? {} : { goAccess: () => runGoAccess(files) }),
    };
    const { report, goAccess } = await alternate(repeat, kinds);
    const peer = goAccess ? `; GoAccess ${secondsText(goAccess)}` : '';
    findings.push(timeFinding(`\`tailrace report\` of ${lines.toLocaleString('en')} lines`, report, 1.5, peer));
  }
  return findings;
}

function smallLog(directory: string, rows: number, seed: number): Promise<WrittenLogs> {
  return writeLogs({ rows, directory, layout: 'one', seed, threads: 0 });
}
