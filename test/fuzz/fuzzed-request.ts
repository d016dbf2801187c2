import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../../bench/traffic/random.ts';
import type { IntakeName } from '../../src/sources/http/intake-counts.ts';
import { encode } from '../../src/sources/http/otlp/otlp-messages.ts';
import { cutAtNewlines } from '../cut-at-newlines.ts';
import { fuzzedLines } from './fuzzed-lines.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { SampleFile } from './sample-files.ts';

/** A request to an intake. */
export interface FuzzedRequest {
  readonly intake: IntakeName;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Lines in it, as they were written; others may be in what became of the body. */
  readonly lines: number;
  /** Whether the body is intact, so that it must be accepted. */
  readonly isWhole: boolean;
  /** Whether what is stored are these lines: nothing in them could be a list, or several objects in one line. */
  readonly isPlain: boolean;
  /** Its identity in the ledger, where the intake lets the sender choose it. */
  readonly version: string;
}

type Sender = (lines: readonly Buffer[], random: Random) => Promise<Pick<FuzzedRequest, 'path' | 'headers' | 'body'>>;

/** @param version unused by any earlier request */
export async function fuzzedRequest(
  samples: readonly SampleFile[],
  random: Random,
  version: string,
  maxLines: number,
): Promise<FuzzedRequest> {
  const intake = random.pick(Object.keys(senders) as IntakeName[]);
  const sample = random.pick(samples);
  const content = fuzzedLines(sample, samples, random.pick([0, 1, 5, 20, maxLines / 4, maxLines]), random);
  const lines = cutAtNewlines(content);
  const { path, headers, body } = await senders[intake](lines, random);
  const isMutated = random.chance(0.2);
  const changed = isMutated ? mutateBytes(body, random, content) : body;
  const [encoding, compress] = random.pick(encodings);
  const compressed = compress(changed);
  const isDamaged = random.chance(0.05);
  return {
    intake,
    path,
    headers: {
      ...headers,
      ...(encoding === '' ? {} : { 'content-encoding': encoding }),
      ...(intake === 'firehose' ? { 'x-amz-firehose-request-id': version } : { 'idempotency-key': version }),
    },
    body: isDamaged ? mutateBytes(compressed, random, content) : compressed,
    lines: lines.length,
    isWhole: !isMutated && !isDamaged,
    isPlain: intake === 'firehose' ? !content.includes('{') : !seemsToHoldMore.test(content.toString('latin1')),
    version,
  };
}

/** Objects without a newline between them, lists, envelopes, lines that end in carriage returns, UTF-16. */
const seemsToHoldMore = /\}[ \t\r]*\{|"Records"|"logEvents"|\r|\xff\xfe|\xfe\xff|\0/;

const encodings: readonly (readonly [name: string, compress: (bytes: Buffer) => Buffer])[] = [
  ['', (bytes) => bytes],
  ['', (bytes) => bytes],
  ['gzip', (bytes) => gzipSync(bytes, { level: 1 })],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', (bytes) => brotliCompressSync(bytes, { params: { 1: 2 } })],
];

const senders: Readonly<Record<IntakeName, Sender>> = {
  ndjson: async (lines, random) => ({
    path: random.pick(['/ingest/ndjson', '/ingest/ndjson?service=a', '/ingest/ndjson?group=%00%ff&host=h&stream=s']),
    headers: { 'content-type': random.pick(['application/x-ndjson', 'text/plain', 'nonsense', '']) },
    // Without a trailing newline an empty line would not count.
    body: joined(lines).subarray(0, random.chance(0.5) && lines.at(-1)?.length ? -1 : undefined),
  }),
  bulk: async (lines, random) => ({
    path: random.pick([
      '/_bulk',
      '/logs/_bulk',
      '/logs/_bulk?filter_path=errors',
      '/_bulk?filter_path=**.status,-took',
    ]),
    headers: { 'content-type': 'application/x-ndjson' },
    body: joined(lines.flatMap((line) => [Buffer.from(random.pick(actions)), asDocument(line)])),
  }),
  firehose: async (lines, random) => ({
    path: '/ingest/firehose',
    headers: { 'content-type': 'application/json', 'x-amz-firehose-source-arn': `arn:${random.below(4)}` },
    body: Buffer.from(JSON.stringify({ timestamp: 1772359200000, records: recordsOf(lines, random) })),
  }),
  otlp: async (lines, random) => {
    const request = { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: lines.map(asRecord) }] }] };
    if (random.chance(0.5)) {
      return {
        path: '/v1/logs',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(request)),
      };
    }
    const records = await Promise.all(lines.map((line) => encode('LogRecord', asRecord(line))));
    const body = await encode('ExportLogsServiceRequest', {
      resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: records }] }],
    });
    return { path: '/v1/logs', headers: { 'content-type': 'application/x-protobuf' }, body: Buffer.from(body) };
  },
};

const actions = ['{"index":{}}', '{"create":{}}', '{"index":{"_index":"a"}}', '{"create":{"_index":"b","_id":"1"}}'];
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
const scope = { name: 'fuzz' };

function joined(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
}

/** The line itself where it is an object, else an object around it. */
function asDocument(line: Buffer): Buffer {
  const text = line.toString();
  return text.startsWith('{') ? line : Buffer.from(JSON.stringify({ message: text }));
}

function asRecord(line: Buffer): Record<string, unknown> {
  const [first = 0, second = 0] = line;
  return {
    timeUnixNano: String(1772359200000000000n + BigInt(first)),
    severityNumber: second % 30,
    body: { stringValue: line.toString() },
    attributes: [{ key: line.toString('latin1', 0, 5), value: { intValue: String(second) } }],
  };
}

/** Some lines per record, some of them compressed. */
function recordsOf(lines: readonly Buffer[], random: Random): { data: string }[] {
  const records: { data: string }[] = [];
  for (let at = 0; at < lines.length; ) {
    const count = 1 + random.below(20);
    const text = joined(lines.slice(at, at + count));
    records.push({ data: (random.chance(0.1) ? gzipSync(text, { level: 1 }) : text).toString('base64') });
    at += count;
  }
  return records;
}
