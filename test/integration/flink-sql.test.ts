import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { classicQueries } from '../../src/windows/classic-queries.ts';
import { compileQuery, explainTree } from '../../src/windows/compile-query.ts';
import { flinkSql } from '../../src/windows/flink-sql.ts';
import type { WindowQuery, WindowShape } from '../../src/windows/window-query.ts';
import { patienceMs } from '../patience.ts';

const classPath = process.env.TAILRACE_TEST_FLINK;
if (!classPath) console.warn('skipped: SQL for Flink, because TAILRACE_TEST_FLINK is not set');

const hopping: WindowShape = { type: 'hopping', sizeMs: 300_000, everyMs: 60_000 };
const session: WindowShape = {
  type: 'session',
  gapMs: 1_800_000,
  longestMs: 86_400_000,
  key: ['client_ip', 'user_agent'],
};
const written: readonly (readonly [WindowShape, string])[] = [
  [
    hopping,
    `SELECT host, countIf(status >= 500) AS errors, sumIf(bytes_sent, status = 200) AS bytes, uniqExact(client_ip) AS viewers, avg(duration) AS took
     FROM requests WHERE method IN ('GET', 'HEAD') AND path LIKE '/api/%' GROUP BY host HAVING errors > 10`,
  ],
  [hopping, 'SELECT lower(host) AS h, max(bytes_sent) AS most FROM requests GROUP BY h ORDER BY most DESC LIMIT 3'],
  [
    session,
    'SELECT client_ip AS viewer, count() AS n, min(time) AS began, max(time) AS ended FROM requests GROUP BY viewer',
  ],
  [{ ...session, key: [] }, 'SELECT host, count() AS n FROM requests GROUP BY host'],
];

describe.skipIf(!classPath)('SQL for Flink', () => {
  test('is planned by Flink itself: the queries of the demo and the examples, windows that hop, and sessions', async () => {
    const scratch = await ScratchStore.open();
    onTestFinished(() => scratch.close());
    const { engine } = scratch.store;
    const [classic] = classicQueries;
    const others = written.map(
      ([window, sql], index): WindowQuery => ({ ...(classic as WindowQuery), name: `other_${index}`, window, sql }),
    );
    const statements: string[] = [];
    for (const query of [...classicQueries, ...others]) {
      const compiled = await compileQuery(engine, query);
      const { table, query: select } = flinkSql(compiled, await explainTree(engine, compiled.sql));
      expect(select, query.name).toBeDefined();
      // The connector of Kinesis is another module; what remains to be filled in is not judged.
      const made = table.replace(/WITH \([^)]*\)/, "WITH ('connector' = 'datagen')");
      statements.push(...[made, select ?? ''].map((text) => text.replace(/;$/, '')), 'DROP TABLE `requests`');
    }
    const java = ['-Xmx400m', '-XX:TieredStopAtLevel=1', '-cp', classPath ?? '', 'CheckFlinkSql.java'];
    const { status, stdout, stderr } = spawnSync('java', java, {
      cwd: join(import.meta.dirname),
      input: statements.join('\0'),
      encoding: 'utf8',
      timeout: patienceMs,
    });
    expect(stderr).not.toContain('Flink refuses');
    expect(status, stderr).toBe(0);
    expect(stdout.match(/Optimized Execution Plan/g)).toHaveLength(statements.length / 3);
    expect(stdout).toMatch(/SESSION\(time_col=\[\w+\], gap=\[30 min\], partition keys=\[viewer, user_agent\]\)/);
  });
});
