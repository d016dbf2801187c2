/**
 * Compares the program with its peers in one run on this machine, and prints the ratios as Markdown.
 *
 *   npm run bench -- [--rows 1000000] [--further 3000000] [--repeat 3] [--only PART,…] [--work DIR]
 *
 * Parts: commands, bare, existing, goaccess, classics, small-files, peers. Needs the built program (`npm run build`),
 * `goaccess` and, for VictoriaLogs, Go, unless these parts are left out. Results go to bench/results/.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareBulk, timeQueries } from './comparisons/bulk.ts';
import { compareCommands } from './comparisons/commands.ts';
import { compareSmallFiles } from './comparisons/small-files.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { comparePeers } from './peers/compare-peers.ts';
import { formatPeers, type PeerResult } from './peers/peer-result.ts';
import { saveResults } from './save-results.ts';
import { writeLogs } from './traffic/write-logs.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    further: { type: 'string', default: '3000000' },
    repeat: { type: 'string', default: '3' },
    only: { type: 'string', default: 'commands,bare,existing,goaccess,classics,small-files,peers' },
    work: { type: 'string' },
  },
});
const rows = Number(values.rows);
const repeat = Number(values.repeat);
const parts = new Set(values.only.split(','));
const machine = describeMachine();
const work = await mkdtemp(join(values.work ?? tmpdir(), 'tailrace-bench-'));
const findings: Finding[] = [];
let peers: readonly PeerResult[] = [];

try {
  console.error('writing the logs');
  const first = await writeLogs({ rows, directory: join(work, 'first'), layout: 'one' });
  const further = parts.has('existing')
    ? await writeLogs({
        rows: Number(values.further),
        directory: join(work, 'further'),
        layout: 'one',
        seed: 2,
        day: '2026-11-11',
      })
    : undefined;
  const bulk = await compareBulk({ first, ...(further ? { further } : {}), work, repeat, parts });
  if (parts.has('peers')) peers = await comparePeers(bulk, work);
  if (parts.has('commands')) findings.push(...(await compareCommands(bulk.store, work, repeat)));
  findings.push(...bulk.findings);
  if (parts.has('classics')) findings.push(...(await timeQueries(bulk.store)));
  if (parts.has('small-files')) findings.push(await compareSmallFiles(work, rows, repeat));
} finally {
  await rm(work, { recursive: true, force: true });
}

console.log(formatFindings(machine, rows, findings));
if (peers.length > 0) console.log(`\n${formatPeers(peers)}`);
await saveResults(`${rows}`, { machine, rows, findings, peers });
process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
