import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Random } from '../../bench/traffic/random.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { cloudFrontLine } from '../pressure/log-line.ts';
import { askServer } from './ask-server.ts';
import { engineOf } from './engine-process.ts';
import { type Aim, waitForAim } from './kill-aim.ts';
import { startProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const kills = Number(process.env.TAILRACE_KILLS ?? 4);
const seed = Number(process.env.TAILRACE_SEED ?? Date.now() % 1_000_000);
const aims: readonly Aim[] = ['inserting', 'closing', 'inserting', 'planning', 'any time'];
const linesPerRequest = 200;
const hasProc = process.platform === 'linux';
if (!hasProc) console.info('skipped test/process/killed-engine: the process of the engine is found in /proc');

vi.setConfig({ testTimeout: 600_000 + kills * 60_000 });

test.skipIf(!hasProc)(
  `the engine is killed ${kills} times while logs come in: none is lost, none is stored twice`,
  async () => {
    const folder = makeScratchFolder();
    const store = copyPreparedStore(join(folder, 'store'));
    const program = startProgram(['up', '--store', store, '--port', '0'], { cwd: folder });
    const [, url = ''] = await program.says(/listens on (\S+)/);
    const random = new Random(seed, 0x6b12);
    let [sent, refused, killed] = [0, 0, 0];

    const send = async (number: number) => {
      const lines = Array.from({ length: linesPerRequest }, (_, n) => cloudFrontLine(number * linesPerRequest + n));
      // So that each of the tables is written to, whichever is waited for.
      lines.push('no line of a log\n');
      const headers = { 'idempotency-key': `request-${number}` };
      for (;;) {
        const answer = await fetch(`${url}/ingest/ndjson`, { method: 'POST', headers, body: lines.join('') });
        await answer.text();
        if (answer.ok) break;
        expect([429, 503]).toContain(answer.status);
        refused++;
        await pause(50);
      }
      sent++;
    };
    const senders = [0, 1, 2, 3].map(async (first) => {
      for (let number = first; killed < kills || number < 8; number += 4) await send(number);
    });
    while (killed < kills) {
      const engine = await engineOf(program.pid);
      await waitForAim(aims[killed % aims.length] as Aim, store, 500, random);
      process.kill(engine, 'SIGKILL');
      killed++;
      while ((await engineOf(program.pid)) === engine) await pause(5);
    }
    await Promise.all(senders);

    const rows = sent * linesPerRequest;
    const lines = rows + sent;
    console.info(
      `TAILRACE_SEED=${seed}: ${kills} kills of the engine, ${lines} lines sent, ${refused} requests sent again`,
    );
    const [books] = await askServer(
      url,
      `SELECT count() AS rows, uniqExact(request_id) AS ids, (SELECT count() FROM rejects) AS rejects, (SELECT sum(lines) FROM ledger) AS received,
       (SELECT sum(rows) FROM ledger) AS stored, (SELECT count() FROM plans WHERE batch NOT IN (SELECT batch FROM ledger)) AS open
     FROM requests`,
    );
    expect(books).toEqual({ rows, ids: rows, rejects: sent, received: lines, stored: rows, open: 0 });
    program.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/the engine/) });
  },
);

/** The engine's process; waits until there is one. */
