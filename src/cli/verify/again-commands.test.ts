import { expect, test } from 'vitest';
import { againCommands } from './again-commands.ts';

const entry = (origin: string, pipeline = '') => ({ batch: '1', origin, version: '1', bytes: 1, pipeline });

test.each([
  [[], []],
  [[entry('/logs/a.gz')], ['tailrace ingest /logs/a.gz']],
  [[entry("/logs/it's.gz")], ["tailrace ingest '/logs/it'\\''s.gz'"]],
  [
    [entry('/logs/a/1.gz'), entry('/logs/a/2.gz'), entry('/logs/b/1.gz'), entry('/logs/b/1.gz')],
    ['tailrace ingest /logs/a/', 'tailrace ingest /logs/b/1.gz'],
  ],
  [
    [entry('s3://one/x/a/1.gz'), entry('s3://one/x/a/2.gz'), entry('s3://two/1')],
    ['tailrace backfill s3://one/x/a/', 'tailrace backfill s3://two/1'],
  ],
  [
    [entry('/var/log/app.log.1.gz?seen=2026-03-01T10:00:00.000Z', 'app')],
    ['tailrace up, whose pipeline "app" takes its files again'],
  ],
])('%j are stored again by %j', (entries, commands) => {
  expect(againCommands(entries)).toEqual(commands);
});
