import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { EngineError } from '../../src/engine/engine-error.ts';
import { defaultLimits, openEngine } from '../../src/engine/open-engine.ts';
import type { Aims, Attack } from '../attacks/attack.ts';
import { inParallel } from '../attacks/in-parallel.ts';
import { attackKinds, laterWalls } from '../attacks/kinds.ts';
import { secrets } from '../attacks/target.ts';
import { readAll } from '../conformance/read-all.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped test/integration/server-attacks: set TAILRACE_TEST_CLICKHOUSE_URL');

/** A placeholder in the place of a function is lost in the normal form of an older server, which is what runs: `SELECT (1)`. */
const isLostBefore25 = /^SELECT \{f:Identifier\}\(1\)$/;

/** What the embedded engine refuses is refused on a server too, which runs on the same machine here. */
describe.skipIf(!url)('whoever may ask a ClickHouse server', () => {
  const database = `tailrace_attacks_${process.pid}`;
  const admin = createClient(url === undefined ? {} : { url });
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-server-attacks-'));
  const secretFile = join(folder, 'secret.csv');
  let connections = 0;
  const listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  let engine: Engine;
  let aims: Aims;

  beforeAll(async () => {
    writeFileSync(secretFile, `${secrets.file}\n`);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    aims = {
      secretFile,
      newFile: join(folder, 'new.csv'),
      lakeFolder: folder,
      port: (listener.address() as AddressInfo).port,
    };
    await admin.command({ query: `CREATE DATABASE ${database}` });
    engine = await openEngine({ url: url ?? '', database }, { limits: { ...defaultLimits, maxSeconds: 2 } });
  });
  afterAll(async () => {
    await engine?.close();
    listener.close();
    await admin.command({ query: `DROP DATABASE IF EXISTS ${database}` });
    await admin.command({ query: `DROP USER IF EXISTS tailrace_question_${database}` });
    await admin.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function problemOf({ sql, params }: Attack, mustFail: boolean): Promise<string[]> {
    const { isAnswered, text } = await readAll(
      engine.ask({ sql, ...(params === undefined ? {} : { params }) }, { format: 'TSV' }),
    ).then(
      (text) => ({ isAnswered: true, text }),
      (error: unknown) => {
        if (!(error instanceof EngineError)) throw error;
        return { isAnswered: false, text: error.message };
      },
    );
    const problems = [
      ...(text.includes(secrets.file) ? ['tells the secret'] : []),
      // Of what may be asked, an older server's rights may still refuse the system table that answers it: SHOW INDEXES.
      ...(mustFail && laterWalls.test(text) ? ['came as far as a later wall'] : []),
      ...(mustFail && isAnswered && !isLostBefore25.test(sql) ? ['was answered'] : []),
    ];
    return problems.map((problem) => `${problem}: ${JSON.stringify(sql).slice(0, 300)} => ${text.slice(0, 300)}`);
  }

  test.each(attackKinds)('gets nothing by $name', async (kind) => {
    const problems: string[] = [];
    await inParallel(kind.attacks(aims), 4, async (attack) => {
      problems.push(...(await problemOf(attack, kind.mustFail)));
    });
    expect(problems).toEqual([]);
    expect(readdirSync(folder)).toEqual(['secret.csv']);
    expect(connections).toBe(0);
  });
});
