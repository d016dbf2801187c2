import { expect, test } from 'vitest';
import { findLogFormat, logFormats } from '../../formats/logs/catalog.ts';
import { detectLogLayout } from './detect-log-layout.ts';
import { describeLogLayout, logLayoutId } from './log-layout.ts';

const start = 'START RequestId: 79104eff-8b33-4b2c-a5f4-1b2c3d4e5f60 Version: $LATEST';
const log4j = '{"timestamp":"2026-03-01T11:00:00Z","thread":"main","logger":"a.B","level":"INFO","message":"m"}';

test.each([
  ['text', ['hello'], 'text', 0.5],
  [
    'text with times and levels',
    ['2026-03-01 12:00:00,123 ERROR [main] c.Y - failed', '\tat c.Y.run(Y.java:1)'],
    'text',
    1,
  ],
  ['syslog', ['Mar  1 12:00:00 lb haproxy[12]: one', 'Mar  1 12:00:01 lb haproxy[12]: two'], 'text', 1],
  ['a table with times', ['2026-03-01 12:00:00 FRA56 200', '2026-03-01 12:00:01 IAD89 404'], 'text', 0.5],
  ['text with a few objects', ['a', 'b', '{"a":1}'], 'text', 0.5],
  ['events', ['{"msg":"a"}', '', '{"b":2}'], 'json-lines', 1],
  ['objects that may be anything', ['{"a":1}', '', '{"b":2}'], 'json-lines', 0.8],
  ['events with a stack trace between', ['{"msg":"a"}', '{"b":2}', '\tat a.B', '{"c":3}'], 'json-lines', 0.75],
  ['a function that prints much', [start, 'a', 'b', '{"c":1}'], 'lambda', 0.25],
  ['log4j', [log4j], 'log4j', 1],
  ['one log4j line among others', [log4j, '{"a":1}', '{"a":2}'], 'json-lines', 1],
  ['Latin-1', ['caf\ufffd'], 'text', 0.5],
])('%s', (_, lines, name, confidence) => {
  const detection = detectLogLayout(lines);
  expect(detection?.layout).toEqual({ format: findLogFormat(name), onlyJson: false });
  expect(detection?.confidence).toBe(confidence);
});

test.each([
  ['nothing', []],
  ['blank lines', ['', ' \r']],
  ['zeros', ['PK\u0003\u0004\0\0']],
  ['bytes that are no text', ['\u001f\ufffd\b\ufffd\ufffd\ufffdK']],
])('%s: no layout', (_, lines) => {
  expect(detectLogLayout(lines)).toBeUndefined();
});

test('a person who names a JSON format means that every line is JSON', () => {
  for (const format of logFormats) {
    expect(detectLogLayout(['hello'], { format })).toEqual({
      layout: { format, onlyJson: format.json },
      confidence: 1,
    });
  }
});

test('layouts that parse alike have one identity', () => {
  const all = logFormats.flatMap((format) => [true, false].map((onlyJson) => ({ format, onlyJson })));
  expect(new Set(all.map(logLayoutId)).size).toBe(all.length);
  expect(new Set(all.map(describeLogLayout)).size).toBe(all.length);
  expect(all.map((layout) => logLayoutId({ ...layout }))).toEqual(all.map(logLayoutId));
});
