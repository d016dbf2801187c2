import { gzipSync } from 'node:zlib';
import type { IntakeName } from '../../../src/sources/http/intake-counts.ts';
import { bytesOf, type Content, logLine, type SourceUnderTest } from '../source-under-test.ts';
import { openHttpSender, type SentRequest } from './http-sender.ts';

const unidentified = 'an OTLP request has no identity, so one whose answer was lost is stored again: at least once';

function httpIntake(
  kind: IntakeName,
  requestOf: (id: string, content: Content) => SentRequest,
  { unparsable = 'rejected', exceptions = {} }: Partial<Pick<SourceUnderTest, 'unparsable' | 'exceptions'>> = {},
): SourceUnderTest {
  return { name: `${kind} intake`, kind, unparsable, exceptions, openInput: () => openHttpSender(requestOf) };
}

/** The intakes of the server, each with a sender that repeats a request until it is answered. */
export const httpIntakes: readonly SourceUnderTest[] = [
  httpIntake('ndjson', (id, content) => ({
    path: '/ingest/ndjson?group=conformance',
    headers: { 'idempotency-key': id },
    body: bytesOf(content),
  })),
  httpIntake(
    'bulk',
    (id, content) => ({
      path: '/conformance/_bulk',
      headers: { 'idempotency-key': id },
      body: (content === 'unparsable' ? ['[1]'] : content.map(logLine))
        .map((document) => `{"create":{}}\n${document}\n`)
        .join(''),
    }),
    {
      unparsable: 'refused',
      exceptions: { 'empty delivery': 'Elasticsearch answers 400 to a request without documents, and so do we' },
    },
  ),
  httpIntake(
    'otlp',
    (_, content) => ({
      path: '/v1/logs',
      headers: { 'content-type': 'application/json' },
      body: content === 'unparsable' ? '{"resourceLogs":5}' : JSON.stringify(otlpRequest(content)),
    }),
    {
      unparsable: 'refused',
      exceptions: {
        'kill after the close': unidentified,
        'two pipelines': unidentified,
        'duplicate delivery': unidentified,
        'reordered delivery': unidentified,
      },
    },
  ),
  httpIntake('firehose', (id, content) => ({
    path: '/ingest/firehose',
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'x-amz-firehose-protocol-version': '1.0',
      'x-amz-firehose-request-id': id,
    },
    body: gzipSync(content === 'unparsable' ? bytesOf(content) : JSON.stringify(firehoseRequest(id, content))),
  })),
];

function otlpRequest(messages: readonly string[]) {
  const logRecords = messages.map((message) => ({
    timeUnixNano: '1700000000000000000',
    body: { stringValue: message },
  }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

function firehoseRequest(requestId: string, messages: readonly string[]) {
  const records = messages.map((message) => ({ data: Buffer.from(logLine(message)).toString('base64') }));
  return { requestId, timestamp: 1_700_000_000_000, records };
}
