import { expect, test } from 'vitest';
import type { Statement } from '../engine.ts';
import { JudgedQuestions } from './judged-questions.ts';

/** Answers as the engine does, and counts. */
function openJudge() {
  const judged = new JudgedQuestions({ database: 'tailrace', hasLake: false });
  let statements = 0;
  const read = async ({ sql, params }: Statement) => {
    statements++;
    if (!sql.startsWith('EXPLAIN AST')) return Buffer.from(`${params?.tailrace_question}\n`);
    return Buffer.from(`SelectWithUnionQuery (children 1)\n ${sql.includes('file') ? 'Function file' : 'Literal 1'}`);
  };
  return {
    judge: (sql: string, params = {}) => judged.judge({ sql, params }, read),
    took: () => {
      const before = statements;
      statements = 0;
      return before;
    },
  };
}

test('a text that is allowed is judged once, whatever its values', async () => {
  const { judge, took } = openJudge();
  expect(await judge('SELECT {x:String}', { x: 'a' })).toBe('SELECT {x:String}');
  expect(took()).toBe(2);
  expect(await judge('SELECT {x:String}', { x: 'b' })).toBe('SELECT {x:String}');
  expect(took()).toBe(0);
  await judge('SELECT {x:String} ', { x: 'b' });
  expect(took()).toBe(2);
});

test('a text that is refused is refused again', async () => {
  const { judge } = openJudge();
  for (let turn = 0; turn < 2; turn++)
    await expect(judge("SELECT file('x')")).rejects.toMatchObject({ code: 'TAILRACE_QUERY_REFUSED' });
});

test('long texts, and those that were not asked for long, are judged anew', async () => {
  const { judge, took } = openJudge();
  const long = `SELECT '${'x'.repeat(20_000)}'`;
  await judge(long);
  await judge('SELECT 0');
  took();
  await judge(long);
  expect(took()).toBe(2);
  for (let n = 1; n < 256; n++) await judge(`SELECT ${n}`);
  took();
  await judge('SELECT 0');
  expect(took()).toBe(0);
  await judge('SELECT 256');
  await judge('SELECT 1');
  expect(took()).toBe(4);
});
