import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal, startChoosyWire } from '../../destinations/kinesis/test-doubles/choosy-wire.ts';
import { LocalStream, npmKinesis, setTestCredentials } from '../../sources/test-doubles/local-stream.ts';
import { readRecords } from '../../sources/test-doubles/read-records.ts';
import { createKinesisOutput } from './kinesis-output.ts';

setTestCredentials();

const server = npmKinesis();
const { signal } = new AbortController();
const emitted = (sequence: number, length = 0) => ({
  ...{ sequence, rows: 1, emittedAtMs: 0 },
  json: JSON.stringify({ sequence, rows: 'x'.repeat(length) }),
});
const megabyte = 1024 * 1024;
let url = '';
beforeAll(async () => {
  url = await server.url();
});
afterAll(() => server.close());

async function start() {
  const stream = await LocalStream.create(url, 2);
  const wire = await startChoosyWire(url);
  const place = { stream: stream.name, endpoint: wire.url, region: 'us-east-1', giveUpAfterMs: 1 };
  const output = createKinesisOutput('talkers', place);
  await output.open({ sequence: 0, bytes: 0 });
  return { stream, wire, output };
}

test('windows are records of one shard, in their order', async () => {
  const { stream, wire, output } = await start();
  expect(output.name).toBe(`kinesis:us-east-1:${stream.name}`);
  const windows = Array.from({ length: 100 }, (_, index) => emitted(index + 1));
  const { outcomes } = await output.send(windows, signal);
  expect(outcomes).toEqual(windows.map(() => ({ kind: 'taken' })));
  const records = await readRecords(stream);
  expect(new Set(records.map(({ shard, key }) => `${shard} ${key}`)).size).toBe(1);
  expect(records.map(({ text }) => text)).toEqual(windows.map(({ json }) => `${json}\n`));
  expect(wire.puts).toHaveLength(1);
  output.close?.();
});

test('what is not taken of a request comes later, and what a stream does not let in is told with a remedy', async () => {
  const { wire, output } = await start();
  wire.fault = (_, times) => (times % 2 === 1 ? 'ProvisionedThroughputExceededException' : undefined);
  const { outcomes } = await output.send(
    [1, 2, 3].map((n) => emitted(n)),
    signal,
  );
  const reason = expect.stringMatching(/^cannot call kinesis:PutRecords .*: ProvisionedThroughput.*; add shards/);
  expect(outcomes).toEqual([{ kind: 'taken' }, { kind: 'later', reason }, { kind: 'taken' }]);
  wire.fate = () => refusal('AccessDeniedException', 'no');
  expect(await output.send([emitted(2)], signal)).toEqual({
    outcomes: [
      { kind: 'later', reason: expect.stringContaining('AccessDeniedException: no; allow kinesis:PutRecords') },
    ],
  });
  output.close?.();
});

test('a window that is larger than this stream takes goes alone, and is refused without the others', async () => {
  const { wire, output } = await start();
  const windows = [emitted(1), emitted(2, megabyte), emitted(3), emitted(4, 11 * megabyte)];
  expect((await output.send(windows, signal)).outcomes).toEqual([{ kind: 'taken' }]);
  wire.fate = () => refusal('ValidationException');
  const refused = { kind: 'refused', reason: expect.stringMatching(/; let the query return fewer rows for a window$/) };
  expect((await output.send(windows.slice(1), signal)).outcomes).toEqual([refused]);
  wire.fate = () => 'passes';
  expect((await output.send(windows.slice(2), signal)).outcomes).toEqual([{ kind: 'taken' }]);
  expect((await output.send(windows.slice(3), signal)).outcomes).toEqual([refused]);
  expect(wire.puts).toHaveLength(3);
  output.close?.();
});
