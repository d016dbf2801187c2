/**
 * Writes a day of realistic CloudFront standard logs, the same bytes on every machine.
 *
 *   npx tsx bench/generate.ts --rows 1000000 --out DIR [--layout one|split|many] [--files N] [--seed N] [--day YYYY-MM-DD]
 *
 * Tests use `writeLogs` directly, with few rows and `threads: 0`.
 */
import { parseArgs } from 'node:util';
import { type Layout, writeLogs } from './traffic/write-logs.ts';

const usage =
  'usage: generate --rows N --out DIR [--layout one|split|many] [--files N] [--seed N] [--day YYYY-MM-DD] [--threads N]';

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    out: { type: 'string' },
    layout: { type: 'string', default: 'one' },
    files: { type: 'string' },
    seed: { type: 'string' },
    day: { type: 'string' },
    threads: { type: 'string' },
  },
});
if (values.rows === undefined || values.out === undefined || !['one', 'split', 'many'].includes(values.layout)) {
  console.error(usage);
  process.exit(2);
}

const startedAt = performance.now();
const written = await writeLogs({
  rows: Number(values.rows),
  directory: values.out,
  layout: values.layout as Layout,
  ...(values.files === undefined ? {} : { files: Number(values.files) }),
  ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
  ...(values.day === undefined ? {} : { day: values.day }),
  ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
});
const seconds = (performance.now() - startedAt) / 1000;
console.log(
  JSON.stringify({
    files: written.files.length,
    rows: written.rows,
    rawBytes: written.rawBytes,
    gzipBytes: written.gzipBytes,
    bytesPerLine: round(written.rawBytes / written.rows),
    gzipRatio: round(written.rawBytes / written.gzipBytes),
    seconds: round(seconds),
    rowsPerSecond: Math.round(written.rows / seconds),
  }),
);

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
