import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OutputName, outputFormats } from '../../src/engine/output-formats.ts';
import { type Attack, plain } from './attack.ts';
import { inParallel } from './in-parallel.ts';
import { type Answer, Target } from './target.ts';

const isLong = process.env.TAILRACE_ATTACKS === 'all';
const everyFormat = Object.keys(outputFormats) as OutputName[];
/** Formats differ in what the engine writes; how an answer ends, and what is left of it, is the same for all. */
const formats = isLong ? everyFormat : everyFormat.filter((_, index) => index % 3 === 0);

const probes = plain([
  'SELECT 1 AS one',
  "SELECT 'a text' AS text, [1, 2] AS list, CAST(NULL AS Nullable(String)) AS nothing",
  'SELECT number FROM numbers(5)',
  'SELECT number, toString(number) AS text FROM numbers(20000)',
  'SELECT number FROM numbers(3) WHERE number > 9',
  "SELECT map('a', 1) AS map, nan AS nan, toUInt64(18446744073709551615) AS wide",
  'SELECT sum(number) AS sum, count() AS n FROM numbers(1000) GROUP BY number % 3 ORDER BY ALL',
  'SELECT count() FROM requests',
  'SHOW TABLES',
  'DESCRIBE requests',
]);

/** Questions that end badly after rows of theirs were written, at the latest of these. */
const failing = plain([
  'SELECT number, throwIf(number = 50000) FROM numbers(60000)',
  "SELECT number, repeat('left over', 20) FROM numbers(200000)",
  'SELECT groupArray(number) FROM numbers(1000000000)',
  "SELECT 'left over' AS text, toUInt8(if(number = 30000, 'x', '1')) FROM numbers(40000)",
  "SELECT 'left over', nothing FROM requests",
  "SELECT 'left over', file('/etc/passwd')",
]);
/** Sleeps rather than computes: it costs the machine nothing. */
const timedOut = {
  sql: "SELECT number, 'left over', 0 FROM numbers(70000) UNION ALL SELECT number, '', sleepEachRow(0.01) FROM numbers(290)",
};
const cancelled = { sql: "SELECT number, 'left over', sleepEachRow(0.001) FROM numbers(1500)" };
const abandoned = { sql: "SELECT number, repeat('left over', 30) FROM numbers(90000)" };
const cancelAfterMs = [0, 1, 3, 10, 30, 100];

let folder: string;
let target: Target;
let fresh: Map<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-answers-'));
  target = await Target.start(folder);
  fresh = await askAll();
});
afterAll(async () => {
  await target?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** On a busy machine a probe may take longer than the target allows. */
async function askInTime(probe: Attack, format: string): Promise<Answer> {
  for (;;) {
    const answer = await target.askWhenReleased(probe, format);
    if (!/it took longer than/.test(answer.text)) return answer;
  }
}

/** Every probe in every format. */
async function askAll(): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const asked = formats.flatMap((format) => probes.map((probe) => ({ format, probe })));
  await inParallel(asked, 4, async ({ format, probe }) => {
    const { status, text } = await askInTime(probe, format);
    answers.set(`${format}: ${probe.sql}`, `${status} ${text.replace(/"elapsed": [\d.e-]+/, '"elapsed": 0')}`);
  });
  return answers;
}

test('answers are those of a fresh process after questions that failed, were cancelled, timed out or were left', async () => {
  expect(fresh.size).toBeGreaterThanOrEqual(isLong ? 100 : 30);
  expect([...fresh.values()].filter((answer) => !answer.startsWith('200 '))).toEqual([]);
  const broken = formats.flatMap((format) => [
    ...[...failing, ...failing].map((question) => async () => {
      expect((await target.ask(question, format)).status, `${format}: ${question.sql}`).not.toBe(200);
    }),
    ...cancelAfterMs.map((ms) => () => cancelAfter(ms, format)),
    ...[1, 2].map(() => () => leave(format)),
    async () => expect(await target.askWhenReleased(timedOut, format)).toMatchObject({ status: 422 }),
  ]);
  expect(broken.length).toBeGreaterThanOrEqual(isLong ? 200 : 60);
  await inParallel(broken, 4, (breakOne) => breakOne());
  const after = await askAll();
  // Not the answers themselves: some have megabytes, and of such no difference can be shown.
  const changed = [...fresh].filter(([name, answer]) => after.get(name) !== answer);
  expect(changed.map(([name]) => `${name} => ${after.get(name)?.slice(0, 200)}`)).toEqual([]);
});

async function cancelAfter(ms: number, format: string): Promise<void> {
  const controller = new AbortController();
  const answer = target.ask(cancelled, format, controller.signal).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, ms));
  controller.abort();
  await answer;
}

/** Takes the beginning of an answer, and no more. */
async function leave(format: string): Promise<void> {
  const controller = new AbortController();
  const answer = await target.begin(abandoned, format, controller.signal);
  await answer.body?.getReader().read();
  controller.abort();
}
