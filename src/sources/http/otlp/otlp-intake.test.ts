import { describe, expect, it } from 'vitest';
import { setUpIntakeServer } from '../../../server/test-doubles/intake-server.ts';

const target = setUpIntakeServer();
const { post } = target;

describe('/v1/logs', () => {
  const record = (fields: object) => ({ resourceLogs: [{ scopeLogs: [{ logRecords: [fields] }] }] });
  const send = (body: string | Uint8Array, type = 'application/json') =>
    post('/v1/logs', body, { 'content-type': type });

  it.each<[string, object, object]>([
    ['nothing', {}, { logger: '', message: '', attributes: {} }],
    ['times', { timeUnixNano: '0', observedTimeUnixNano: '1700000000000999999' }, { time: '2023-11-14T22:13:20.000Z' }],
    ['a spelled level', { severityText: 'warning', severityNumber: 9 }, { level: 'WARN' }],
    ['a level of its own', { severityText: 'odd', severityNumber: 17 }, { level: 'ERROR' }],
    ['the last number', { severityNumber: 24 }, { level: 'FATAL' }],
    ['ids', { traceId: '0AF7', spanId: 'AB' }, { trace_id: '0af7', span_id: 'ab' }],
    ['a large integer', { body: { intValue: '9223372036854775807' } }, { message: '9223372036854775807' }],
    ['bytes', { body: { bytesValue: 'AQI=' } }, { message: 'AQI=' }],
    ['NaN', { body: { arrayValue: { values: [{ doubleValue: 'NaN' }, {}] } } }, { message: ['NaN', null] }],
    ['a name', { eventName: 'login' }, { attributes: { 'event.name': 'login' } }],
    ['a nasty key', { attributes: [{ key: '__proto__', value: { intValue: 1 } }] }, {}],
  ])('keeps %s', async (_name, fields, line) => {
    expect(await (await send(JSON.stringify(record(fields)))).json()).toEqual({});
    expect(JSON.parse(target.sink.lines[0] ?? '')).toMatchObject(line);
  });

  it('says how many records it refused, and keeps the others', async () => {
    const body = JSON.stringify({
      resourceLogs: [
        { scopeLogs: [{ logRecords: [5, { timeUnixNano: 'x' }, { body: { stringValue: 'good' } }] }] },
        {},
      ],
    });
    expect(await (await send(body)).json()).toMatchObject({ partialSuccess: { rejectedLogRecords: '2' } });
    expect(target.sink.lines).toHaveLength(1);
    // In protobuf: a scope with a one-byte record, which is invalid, and an empty one.
    const answer = await send(Buffer.from('0a0712051201ff1200', 'hex'), 'application/x-protobuf');
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(2, 4)
        .toString('hex'),
    ).toBe('0801');
    expect(target.sink.lines).toHaveLength(2);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['application/json', 'no JSON', 'json'],
    ['application/json', '{"resourceLogs":5}', 'json'],
    ['application/json', '5', 'json'],
    ['application/x-protobuf', 'no protobuf', 'protobuf'],
    ['text/plain', '{"resourceLogs":5}', 'json'],
    ['text/plain', 'no protobuf', 'json'],
  ])('refuses as %s: %s', async (type, body, form) => {
    const answer = await send(body, type);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe(form === 'json' ? 'application/json' : 'application/x-protobuf');
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (form === 'json') expect(JSON.parse(String(bytes))).toMatchObject({ code: 3, message: /^cannot read the logs/ });
    else expect(bytes.subarray(0, 2).toString('hex')).toBe('0803');
  });

  it('refuses a small request of which the records repeat a long resource', async () => {
    const attributes = [{ key: 'k', value: { stringValue: 'r'.repeat(1024 * 1024) } }];
    const scopeLogs = [{ logRecords: Array.from({ length: 200 }, () => ({})) }];
    const answer = await send(JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs }] }));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ message: /attributes of their resource/ });
    expect(target.sink.lines).toHaveLength(0);
  });
});
