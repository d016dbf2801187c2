import { expect, test } from 'vitest';
import { readLayoutHints } from './layout-options.ts';

const hints = (values: Readonly<Record<string, string>>) => readLayoutHints({ positionals: [], values });

test('--names: keys by column, the best first, with an equals sign in them and in objects', async () => {
  const { logFormat } = await hints({
    format: 'json-lines',
    names: 'time=when, time = at,level=a=b,message=body.text',
  });
  expect(logFormat?.names).toEqual({ time: ['when', 'at'], level: ['a=b'], message: ['body.text'] });
  expect(logFormat?.keys.time.slice(0, 3)).toEqual(['when', 'at', 'time']);
  expect(logFormat?.opened).toContain('body');
});

test.each([
  ['host=h', '--names has "host=h"; write time, level, message with a key behind it, e.g. time=when'],
  ['time', '--names has "time"; write time, level, message'],
  ['time=', '--names has "time="; write time, level, message'],
  ['time=when,', '--names has ""; write time, level, message'],
])('--names %s is wrong', async (names, problem) => {
  await expect(hints({ format: 'json-lines', names })).rejects.toThrow(problem);
});

test('--names needs the format of an application', async () => {
  await expect(hints({ names: 'time=when' })).rejects.toThrow('give --names with the --format of an application');
  await expect(hints({ format: 'combined', names: 'time=when' })).rejects.toThrow('give --names with the --format');
});
