/**
 * GoAccess (https://goaccess.io), a common program for reports on log files, on the same compressed files.
 *
 *   npx tsx bench/goaccess.ts FILE.gz …
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMain } from './is-main.ts';
import { measureProcess } from './process-measure.ts';

export interface GoAccessRun {
  /** From start to the finished report, decompression included. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Lines it counted as requests; it refuses some, e.g. those with status 000. */
  readonly rows: number;
  readonly failed: number;
  readonly peakBytes: number;
  readonly version: string;
}

export function goAccessVersion(): string | undefined {
  const answer = spawnSync('goaccess', ['--version'], { encoding: 'utf8' });
  return answer.error ? undefined : (/GoAccess - ([\d.]+\d)/.exec(answer.stdout)?.[1] ?? 'unknown');
}

/** Decompresses in a separate process, as its manual says, so that it uses a second processor. */
export async function runGoAccess(files: readonly string[]): Promise<GoAccessRun> {
  const version = goAccessVersion();
  if (version === undefined) {
    throw new Error(
      'cannot run "goaccess": it is not installed; install it (Debian: apt-get install goaccess) or leave it out with --only',
    );
  }
  const directory = await mkdtemp(join(tmpdir(), 'bench-goaccess-'));
  try {
    const report = join(directory, 'report.json');
    // The list is passed in a file: twenty thousand names do not fit into a command line.
    const script = `tr '\\n' '\\0' | xargs -0 zcat | goaccess --log-format=CLOUDFRONT --no-global-config --no-progress - -o "$0"`;
    const measured = await measureProcess('sh', ['-c', script, report], { input: `${files.join('\n')}\n` });
    const { general } = JSON.parse(await readFile(report, 'utf8')) as {
      general: { valid_requests: number; failed_requests: number };
    };
    return {
      seconds: measured.seconds,
      cpuSeconds: measured.cpuSeconds,
      rows: general.valid_requests,
      failed: general.failed_requests,
      peakBytes: measured.peakBytes,
      version,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) console.log(JSON.stringify(await runGoAccess(process.argv.slice(2))));
