import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNotification } from './notifications.ts';

const sample = (name: string) => readFileSync(new URL(`testdata/${name}.json`, import.meta.url), 'utf8');

/** Message bodies in an event from SQS to a Lambda function. */
const bodies = (name: string) =>
  (JSON.parse(sample(name)) as { Records: { body: string }[] }).Records.map(({ body }) => body);

const testEvent = JSON.stringify({
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2026-02-03T04:05:06.789Z',
  Bucket: 'example-bucket',
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE',
});
const inTopic = (Message: string) => JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:::logs', Message });
const created = (key: string, event = 'ObjectCreated:Put') =>
  JSON.stringify({
    Records: [{ eventVersion: '2.3', eventName: event, s3: { bucket: { name: 'b' }, object: { key, size: 7 } } }],
  });

describe('what AWS documents', () => {
  test('a record of S3', () => {
    expect(parseNotification(sample('object-created'))).toEqual({
      kind: 'events',
      removed: 0,
      created: [
        {
          bucket: 'sourcebucket',
          key: 'Happy Face.jpg',
          versionId: 'version',
          etag: 'd41d8cd98f00b204e9800998ecf8427e',
          bytes: 1024,
        },
      ],
    });
  });

  test('the same as the body of a message, and in a topic that adds its own envelope', () => {
    const [body = ''] = bodies('sqs-event');
    const object = {
      bucket: 'xxx',
      key: 'test.pdf',
      versionId: 'yd3d4HaWOT2zguDLvIQLU6ptDTwKBnQV',
      etag: '2e3ad1e983318bbd8e73b080e2997980',
      bytes: 104_681,
    };
    expect(parseNotification(body)).toEqual({ kind: 'events', created: [object], removed: 0 });
    expect(parseNotification(inTopic(body))).toEqual({ kind: 'events', created: [object], removed: 0 });
  });

  test('an event of EventBridge, also through a topic', () => {
    const object = {
      bucket: 'example-bucket',
      key: 'IMG_m7fzo3.jpg',
      etag: '4e68adba0abe2dc8653dc3354e14c01d',
      bytes: 184_662,
    };
    const event = sample('eventbridge-created');
    expect(parseNotification(event)).toEqual({ kind: 'events', created: [object], removed: 0 });
    expect(parseNotification(inTopic(event))).toEqual({ kind: 'events', created: [object], removed: 0 });
  });

  test.each(['object-removed', 'eventbridge-deleted'])('%s', (name) => {
    expect(parseNotification(sample(name))).toEqual({ kind: 'events', created: [], removed: 1 });
  });

  test('the test event, direct and through a topic', () => {
    expect(parseNotification(testEvent)).toEqual({ kind: 'test' });
    expect(parseNotification(inTopic(testEvent))).toEqual({ kind: 'test' });
  });

  test("another topic's message is unknown", () => {
    const [body = ''] = bodies('sns-other-topic');
    expect(parseNotification(body)).toMatchObject({ kind: 'unknown' });
  });
});

describe('keys', () => {
  const keyOf = (body: string) => {
    const parsed = parseNotification(body);
    return parsed.kind === 'events' ? parsed.created[0]?.key : parsed;
  };

  test('in records are encoded like a form, in any case of what is escaped', () => {
    expect(keyOf(created('a+b%2Bc%20d/%C3%A9'))).toBe('a b+c d/é');
    expect(keyOf(created('year%3D2026%2Fx'))).toBe('year=2026/x');
  });

  test('in events of EventBridge stand as they are', () => {
    const event = JSON.parse(sample('eventbridge-created')) as { detail: { object: { key: string } } };
    event.detail.object.key = 'a+b%2Bc d';
    expect(keyOf(JSON.stringify(event))).toBe('a+b%2Bc d');
  });

  test('that nobody can decode are not guessed', () => {
    expect(keyOf(created('100%'))).toMatchObject({ kind: 'unknown' });
  });

  test('survive encoding, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (key) => {
        const encoded = new URLSearchParams([['', key]]).toString().slice(1);
        expect(keyOf(created(encoded))).toBe(key);
      }),
    );
  });
});

test('several records in one message, of several kinds', () => {
  const records = [created('a', 's3:ObjectCreated:CompleteMultipartUpload'), created('b', 'ObjectRemoved:Delete')];
  const other = created('c', 'ObjectTagging:Put');
  const Records = [...records, other].flatMap((text) => (JSON.parse(text) as { Records: unknown[] }).Records);
  expect(parseNotification(JSON.stringify({ Records }))).toEqual({
    kind: 'events',
    created: [{ bucket: 'b', key: 'a', bytes: 7 }],
    removed: 1,
  });
});

test('a version of the structure that does not exist yet is not guessed', () => {
  expect(parseNotification(created('a').replace('2.3', '3.0'))).toMatchObject({ kind: 'unknown' });
});

test('any text is answered', () => {
  const shapes = fc.record(
    {
      Records: fc.array(fc.object({ key: fc.constantFrom('eventName', 'eventVersion', 's3', 'bucket', 'object') })),
      source: fc.constant('aws.s3'),
      detail: fc.object(),
      'detail-type': fc.oneof(fc.constant('Object Created'), fc.anything()),
      Type: fc.constant('Notification'),
      Message: fc.string(),
    },
    { requiredKeys: [] },
  );
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    shapes.map((shape) => JSON.stringify(shape) ?? ''),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(['events', 'test', 'unknown']).toContain(parseNotification(text).kind);
    }),
  );
});
