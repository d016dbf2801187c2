import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cloudtrail } from '../formats/cloudtrail/format.ts';
import { detectLayout } from './detect-layout.ts';
import { sampleList } from './sample-list.ts';

test('a document gives the objects of its list, wherever it is cut off', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 }), fc.nat(), (objects, cut) => {
      const document = JSON.stringify({ Records: objects });
      expect(sampleList(document, 'Records')).toEqual(objects.map((object) => JSON.stringify(object)));
      const some = sampleList(document.slice(0, cut % (document.length + 1)), 'Records') ?? [];
      expect(some).toEqual(objects.slice(0, some.length).map((object) => JSON.stringify(object)));
    }),
  );
});

test('what is no list gives nothing', () => {
  expect(sampleList('{"Recorded":[{}]}', 'Records')).toBeUndefined();
  expect(sampleList('{"Records":{"a":1}}', 'Records')).toBeUndefined();
  expect(sampleList('', 'Records')).toBeUndefined();
});

test.each([
  [
    'a record that is longer than the sample',
    `{"Records":[{"eventVersion":"1.11","userIdentity":{},"eventTime":"2026-01-01T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","requestParameters":{"a":"${'x'.repeat(9)}`,
  ],
  ['no record at all', '{"Records":[]}'],
])('%s is CloudTrail', (_, document) => {
  expect(detectLayout([document])?.layout.format).toBe(cloudtrail);
});

test.each([
  [
    'a notification of S3',
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventTime: '2026-01-01T00:00:00.000Z',
      eventName: 'ObjectCreated:Put',
      s3: {},
    },
  ],
  ['a message of SQS', { messageId: 'm', body: '{}', eventSource: 'aws:sqs' }],
])('%s is none', (_, record) => {
  expect(detectLayout([JSON.stringify({ Records: [record] })])).toBeUndefined();
});
