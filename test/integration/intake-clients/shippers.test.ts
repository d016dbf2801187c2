import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IntakeServer, startIntakeServer } from '../../../src/server/test-doubles/intake-server.ts';
import { findShipper, runShipper } from './shipper.ts';

const token = 'a-token-of-this-test';
const logged = Array.from({ length: 500 }, (_, index) => JSON.stringify({ n: index, text: `line "${index}" — ü` }));

let target: IntakeServer;
let folder: string;
let log: string;

beforeEach(async () => {
  target = await startIntakeServer(token);
  folder = await mkdtemp(join(tmpdir(), 'tailrace-shipper-'));
  log = join(folder, 'app.log');
  await writeFile(log, logged.map((line) => `${line}\n`).join(''));
});

afterEach(async () => {
  await target.server.stop(0);
  await rm(folder, { recursive: true, force: true });
});

const isDone = () => target.sink.lines.length >= logged.length;

async function configure(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

const rsyslog = findShipper('rsyslog', 'rsyslogd', 'apt-get install rsyslog rsyslog-elasticsearch');

describe.skipIf(!rsyslog.program)('rsyslog', () => {
  it('ships to _bulk with omelasticsearch', async () => {
    const config = await configure(
      'rsyslog.conf',
      `global(workDirectory="${folder}")
      module(load="imfile" mode="polling" pollingInterval="1")
      module(load="omelasticsearch")
      template(name="document" type="string" string="%rawmsg%")
      input(type="imfile" file="${log}" tag="app:" ruleset="ship")
      ruleset(name="ship") {
        action(type="omelasticsearch" server="127.0.0.1" serverport="${target.port}" usehttps="off"
          uid="any" pwd="${token}" searchIndex="app" searchType="" bulkmode="on" template="document"
          retryfailures="on" queue.type="linkedlist" queue.dequeuebatchsize="100")
      }`,
    );
    await runShipper(rsyslog.program ?? '', ['-n', '-f', config, '-i', join(folder, 'pid')], isDone);
    expect(target.sink.lines).toEqual(logged);
    expect(new Set(target.sink.stored.map(({ context }) => context?.group))).toEqual(new Set(['app']));
  });
});

const syslogNg = findShipper('syslog-ng', 'syslog-ng/start', 'run test/services/install-shipper syslog-ng');

describe.skipIf(!syslogNg.program)('syslog-ng', () => {
  it.each([
    ['_bulk', '/_bulk', String.raw`body("{\"create\":{\"_index\":\"app\"}}\n$MSG")`],
    ['lines', '/ingest/ndjson?group=app', 'body("$MSG")'],
  ])('ships %s with http()', async (_name, path, body) => {
    const config = await configure(
      'syslog-ng.conf',
      `@version: 3.38
      source from { file("${log}" flags(no-parse) follow-freq(0.2)); };
      destination to {
        http(url("http://127.0.0.1:${target.port}${path}") method("POST") user("any") password("${token}")
          headers("Content-Type: application/x-ndjson") ${body} batch-lines(100) batch-timeout(200) delimiter("\\n"));
      };
      log { source(from); destination(to); };`,
    );
    const paths = ['persist', 'control', 'pid'].map((name) => join(folder, name));
    await runShipper(
      syslogNg.program ?? '',
      ['-F', '-e', '--no-caps', '-f', config, '-R', paths[0] ?? '', '-c', paths[1] ?? '', '-p', paths[2] ?? ''],
      isDone,
    );
    expect(target.sink.lines).toEqual(logged);
    expect(new Set(target.sink.stored.map(({ context }) => context?.group))).toEqual(new Set(['app']));
  });
});

const filebeat = findShipper('Filebeat', 'filebeat-7.17.29', 'run test/services/install-shipper filebeat');

// Its build takes longer than the rest of CI: it is tested where it is installed already.
(filebeat.program ? describe : () => {})('Filebeat', () => {
  it('finds what it would set up, and ships to _bulk', async () => {
    await mkdir(join(folder, 'home'));
    const config = await configure(
      'filebeat.yml',
      `filebeat.inputs: [{ type: log, paths: ["${log}"], scan_frequency: 1s }]
output.elasticsearch: { hosts: ["${target.url}"], username: any, password: ${token} }
logging.to_stderr: true
`,
    );
    const args = ['-c', config, '--path.home', join(folder, 'home'), '--path.data', join(folder, 'data')];
    await runShipper(filebeat.program ?? '', args, isDone);
    const messages = target.sink.lines.map((line) => JSON.parse(line).message);
    expect(messages).toEqual(logged);
    expect(target.sink.stored[0]?.context?.group).toMatch(/^filebeat-7\.17/);
    expect(target.server.intakeCounts.bulk.refused).toEqual({ invalid: 0, busy: 0, unavailable: 0 });
  });
});

const otelcol = findShipper(
  'the OpenTelemetry Collector',
  'otelcol-0.160.0',
  'run test/services/install-shipper otelcol',
);

describe.skipIf(!otelcol.program)('the OpenTelemetry Collector', () => {
  it.each([
    ['proto', 'gzip'],
    ['proto', 'zstd'],
    ['json', 'none'],
    ['json', 'deflate'],
  ])('ships OTLP as %s, compressed with %s', async (encoding, compression) => {
    const config = await configure(
      'otelcol.yaml',
      `receivers:
  filelog: { include: ["${log}"], start_at: beginning, poll_interval: 200ms }
exporters:
  otlphttp:
    endpoint: "${target.url}"
    encoding: ${encoding}
    compression: ${compression}
    headers: { authorization: "Bearer ${token}" }
service:
  telemetry: { metrics: { level: none } }
  pipelines: { logs: { receivers: [filelog], exporters: [otlphttp] } }
`,
    );
    await runShipper(otelcol.program ?? '', ['--config', config], isDone);
    const events = target.sink.lines.map((line) => JSON.parse(line));
    expect(events.map(({ message }) => message).sort()).toEqual([...logged].sort());
    expect(events[0].attributes).toEqual({ 'log.file.name': 'app.log' });
  });
});
