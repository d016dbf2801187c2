import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFormat } from '../formats/catalog.ts';
import { compileInsert } from './compile-insert.ts';
import { detectLayout } from './detect-layout.ts';
import { LogStore, originOf } from './logs/test-doubles/log-store.ts';

let logs: LogStore;

beforeAll(async () => {
  logs = await LogStore.open();
});

afterAll(() => logs?.close());

test('access logs travel in CloudWatch events too', async () => {
  const line = (path: string) => `2026-03-01\t10:00:00\t12\t${path}\t200\tcurl/8`;
  const columns = ['date', 'time', 'sc-bytes', 'cs-uri-stem', 'sc-status', 'cs(User-Agent)'];
  const event = (message: string, id: number) => ({ id: String(id), timestamp: 1_772_366_400_000 + id, message });
  const envelope = (messageType: string, ...messages: string[]) =>
    JSON.stringify({ messageType, logGroup: 'g', logStream: 's', logEvents: messages.map(event) });
  const format = findFormat('cloudfront-standard');
  const layout = detectLayout([line('/a')], { columns, ...(format ? { format } : {}) })?.layout;
  if (!layout) throw new Error('no layout');
  const origin = { ...originOf(1), distributions: [''] };
  const content = [
    envelope('CONTROL_MESSAGE', 'hello'),
    envelope('DATA_MESSAGE', `${line('/b')}\n`, line('/c')),
    'odd',
    '',
  ];
  await logs.insertBy([content.join('\n')], (source) =>
    compileInsert(layout, { ...origin, opening: { steps: ['cloudwatch'] } }, source),
  );
  expect(await logs.rowsOf(origin, 'path, bytes_sent, user_agent', 'requests')).toEqual([
    { path: '/b', bytes_sent: 12, user_agent: 'curl/8' },
    { path: '/c', bytes_sent: 12, user_agent: 'curl/8' },
  ]);
  expect(await logs.rowsOf(origin, 'line_number, line', 'rejects')).toEqual([{ line_number: 2_000_001, line: 'odd' }]);
});
