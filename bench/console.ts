/**
 * What the console weighs on the wire, and how soon it can be used over slow 4G, in a real Chromium.
 *
 *   npm run bench:console -- [--store DIR] [--repeat 3]
 *
 * Without `--store` it is measured over the example logs. `bench:100m -- --build --store DIR` makes a store of more rows.
 * Needs the built program and Chromium. Prints promises beside the figures and exits with 1 when one is broken; results go to bench/results/.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { exampleLogs, requireBuild, runTailrace, startTailrace } from '../test/browser/built-program.ts';
import { chromiumArguments, findChromium } from '../test/browser/find-chromium.ts';
import { type Finding, formatFindings, isMet } from './findings.ts';
import { describeMachine } from './machine.ts';
import { saveResults } from './save-results.ts';

const { values } = parseArgs({ options: { store: { type: 'string' }, repeat: { type: 'string', default: '3' } } });
const repeat = Number(values.repeat);

/** A slow mobile link, as Lighthouse has it: milliseconds, and bytes per second each way. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const free = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

/** Pages, what shows that they can be used, and the most that they may weigh, kB. */
const pages = [
  ['overview', '?range=7d', '[data-panel="failing-paths"] table', 200],
  ['explore', '?range=7d#/explore', '[data-rows="ready"]', 200],
  ['SQL and its editor', '#/sql', '.cm-content', 170],
  ['pipelines', '#/pipelines', '[data-panel], [data-pipeline]', 80],
] as const;

const temporary = await mkdtemp(join(tmpdir(), 'tailrace-bench-console-'));
const store = resolve(values.store ?? join(temporary, 'store'));
const machine = describeMachine();

try {
  requireBuild();
  if (values.store === undefined) await runTailrace('ingest', '--quiet', '--store', store, exampleLogs);
  const server = await startTailrace(store, '0');
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: chromiumArguments });
  try {
    const range = (await (await fetch(`${server.address}api/range`)).json()) as { readonly rows: number };
    const findings: Finding[] = [];
    for (const [name, view, shown, mostKb] of pages) {
      const fast: Load[] = [];
      const slow: Load[] = [];
      for (let count = 0; count < repeat; count += 1) {
        fast.push(await load(browser, server.address + view, shown, free));
        slow.push(await load(browser, server.address + view, shown, slow4g));
      }
      const kilobytes = fast.map(({ bytes }) => `${Math.round(bytes / 1000)} kB`).join(' / ');
      const bytes = Math.max(...fast.map((one) => one.bytes));
      const list = (loads: readonly Load[]) => loads.map(({ ms }) => Math.round(ms)).join(' / ');
      findings.push(
        { name: `${name}: weight`, value: bytes / 1000, unit: 'kB', target: { atMost: mostKb }, from: kilobytes },
        { name: `${name}: usable, no slow link`, value: best(fast), unit: 'ms', from: `${list(fast)} ms` },
        {
          name: `${name}: usable over slow 4G`,
          value: best(slow),
          unit: 'ms',
          target: { atMost: 2500 },
          from: `${list(slow)} ms`,
        },
      );
    }
    console.log(formatFindings(machine, range.rows, findings));
    await saveResults('console', { machine, rows: range.rows, findings });
    process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0;
  } finally {
    await browser.close();
    await server.stop();
  }
} finally {
  await rm(temporary, { recursive: true, force: true });
}

interface Load {
  readonly ms: number;
  readonly bytes: number;
}

/** A first visit: nothing is cached. */
async function load(browser: Browser, address: string, shown: string, link: typeof free): Promise<Load> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    const wire = await page.context().newCDPSession(page);
    let bytes = 0;
    wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await wire.send('Network.enable');
    await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
    await wire.send('Network.emulateNetworkConditions', link);
    const startMs = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    await page.locator(shown).first().waitFor();
    const ms = performance.now() - startMs;
    await page.waitForLoadState('networkidle');
    return { ms, bytes };
  } finally {
    await page.close();
  }
}

function best(loads: readonly Load[]): number {
  return Math.min(...loads.map(({ ms }) => ms));
}
