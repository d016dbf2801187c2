import { type S3Object, unquote } from './s3-object.ts';

/** Content of a queue message. */
export type Notification =
  | {
      readonly kind: 'events';
      readonly created: readonly S3Object[];
      /** Number of its events about removed objects. */
      readonly removed: number;
    }
  /** Sent once, when notifications are configured. */
  | { readonly kind: 'test' }
  /** Not a message of S3; `reason` describes why. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** An SNS topic may wrap an EventBridge event; there is no deeper nesting. */
const maxWrappings = 2;

/**
 * Parses the body of a message: S3's own records, the same inside an SNS notification, or an EventBridge event. Never
 * throws, whatever the text.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function parseNotification(body: string, wrappings = 0): Notification {
  const message = parseJson(body);
  if (!isRecord(message)) return unknown('it is no JSON object');
  if (message.Event === 's3:TestEvent') return { kind: 'test' };
  if (Array.isArray(message.Records)) return readRecords(message.Records);
  if (message.source === 'aws.s3' && isRecord(message.detail)) return readEventBridge(message, message.detail);
  if (message.Type === 'Notification' && typeof message.Message === 'string') {
    return wrappings < maxWrappings
      ? parseNotification(message.Message, wrappings + 1)
      : unknown('it is wrapped often');
  }
  return unknown('it has neither Records nor the fields of an SNS or EventBridge event');
}

function readRecords(records: readonly unknown[]): Notification {
  const created: S3Object[] = [];
  let removed = 0;
  for (const record of records) {
    if (!isRecord(record) || typeof record.eventName !== 'string') return unknown('a record has no eventName');
    if (!/^2\./.test(String(record.eventVersion))) return unknown('a record is not of version 2');
    // Some S3-compatible servers write `s3:ObjectCreated:Put`.
    const event = record.eventName.replace(/^s3:/, '');
    if (event.startsWith('ObjectRemoved:')) removed++;
    if (!event.startsWith('ObjectCreated:')) continue;
    const { bucket, object } = isRecord(record.s3) ? record.s3 : {};
    const found = readObject(bucket, object, decodeKey);
    if (!found) return unknown('a record names no bucket and key');
    created.push(found);
  }
  return { kind: 'events', created, removed };
}

function readEventBridge(message: JsonRecord, detail: JsonRecord): Notification {
  const type = message['detail-type'];
  if (typeof type !== 'string') return unknown('the event has no detail-type');
  if (type !== 'Object Created') return { kind: 'events', created: [], removed: type === 'Object Deleted' ? 1 : 0 };
  // EventBridge, unlike S3 itself, sends the key decoded.
  const found = readObject(detail.bucket, detail.object, (key) => key);
  return found ? { kind: 'events', created: [found], removed: 0 } : unknown('the event names no bucket and key');
}

function readObject(
  bucket: unknown,
  object: unknown,
  decode: (key: string) => string | undefined,
): S3Object | undefined {
  if (!isRecord(bucket) || !isRecord(object)) return undefined;
  const key = typeof object.key === 'string' ? decode(object.key) : undefined;
  if (!isText(bucket.name) || !isText(key)) return undefined;
  const versionId = object.versionId ?? object['version-id'];
  const etag = object.eTag ?? object.etag;
  const bytes = object.size;
  return {
    bucket: bucket.name,
    key,
    ...(isText(versionId) ? { versionId } : {}),
    ...(isText(etag) ? { etag: unquote(etag) } : {}),
    ...(typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? { bytes } : {}),
  };
}

/** Keys in records are form-encoded: a space is a plus or `%20`. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

type JsonRecord = Readonly<Record<string, unknown>>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function unknown(reason: string): Notification {
  return { kind: 'unknown', reason };
}
