import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attack } from './attack.ts';
import { exhausting, unstoppable } from './exhausting.ts';
import { type HealthWatch, watchHealth } from './health-watch.ts';
import { inParallel } from './in-parallel.ts';
import { attackKinds as kinds, laterWalls } from './kinds.ts';
import { lexerTricks } from './lexing.ts';
import { hiddenTexts, readingFiles } from './outside.ts';
import { type Answer, limits, secrets, Target } from './target.ts';

const isLong = process.env.TAILRACE_ATTACKS === 'all';

describe('whoever may ask', () => {
  let folder: string;
  let target: Target;
  let before: string[];
  let health: HealthWatch;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tailrace-attacks-'));
    target = await Target.start(folder);
    health = watchHealth(target.url, target.program.pid);
    await expectAsBefore();
    before = target.snapshot();
  });
  afterAll(async () => {
    await target?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Limits and rights are those of every question. */
  async function expectAsBefore() {
    const sql =
      "SELECT getSetting('readonly') AS a, getSetting('max_execution_time') AS b, getSetting('max_memory_usage') AS c, getSetting('max_result_rows') AS d, currentDatabase() AS e";
    const { status, text } = await target.askWhenReleased({ sql }, 'ndjson');
    const { maxSeconds, maxMemoryBytes, maxRows } = limits;
    expect({ status, ...JSON.parse(text) }).toEqual({
      status: 200,
      a: 1,
      b: maxSeconds,
      c: maxMemoryBytes,
      d: maxRows,
      e: 'tailrace',
    });
  }

  function problemsOf({ sql }: Attack, { status, text }: Answer, mustFail: boolean): string[] {
    const found = Object.entries(secrets).filter(([, secret]) => text.includes(secret));
    const problems = [
      ...found.map(([name]) => `tells the secret "${name}"`),
      ...(laterWalls.test(text) ? ['came as far as a later wall'] : []),
      ...(mustFail && status === 200 ? ['was answered'] : []),
      ...([200, 400, 422, 429, 503].includes(status) ? [] : [`has the status ${status}`]),
      ...(text.includes(folder) && !sql.includes(folder) ? ['tells the folder'] : []),
    ];
    return problems.map((problem) => `${problem}: ${JSON.stringify(sql).slice(0, 300)} => ${text.slice(0, 300)}`);
  }

  async function expectHarmless(attacks: readonly Attack[], mustFail: boolean, count = 4) {
    const problems: string[] = [];
    await inParallel(attacks, count, async (attack) => {
      problems.push(...problemsOf(attack, await target.ask(attack), mustFail));
    });
    expect(problems).toEqual([]);
    await expectAsBefore();
    expect(target.snapshot()).toEqual(before);
    expect(target.connections).toBe(0);
  }

  test('the list has more than 500 attacks', () => {
    const counts = Object.fromEntries(kinds.map((kind) => [kind.name, kind.attacks(target.aims).length]));
    console.info('attacks by kind:', { ...counts, exhausting: exhausting.length, unstoppable: unstoppable.length });
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBeGreaterThan(500);
  });

  test.each(kinds)('gets nothing by $name', async (kind) => {
    await expectHarmless(kind.attacks(target.aims), kind.mustFail);
  });

  test.each([readingFiles, hiddenTexts, lexerTricks])(
    'gets nothing by $name from where the engine may read',
    async (kind) => {
      await expectHarmless(kind.attacks(target.readableAims), kind.mustFail);
    },
  );

  test('exhausts nothing', async () => {
    await expectHarmless(isLong ? exhausting : exhausting.filter((_, index) => index % 3 === 0 || index > 18), false);
  });

  test('is stopped when a statement looks for no stop', async () => {
    await expectHarmless(isLong ? unstoppable : unstoppable.slice(0, 1), false, 1);
  });

  test('waits for others, and is told so, with a hundred at once', async () => {
    const many = Array.from({ length: 100 }, (_, at) => ({
      sql: `SELECT sum(sipHash64(number + ${at})) FROM numbers(20000000)`,
    }));
    await expectHarmless(many, false, many.length);
  });

  test('keeps nobody from seeing that the server lives', async () => {
    expect(await health.end()).toEqual([]);
  });
});
