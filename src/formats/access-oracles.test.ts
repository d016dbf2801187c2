import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/**
 * As in `oracles.test.ts`, for load balancers, S3, WAF and web servers: other tools' results for the same lines. Theirs
 * have no id to match ours by, so each of their documents must be among our rows.
 */
type Row = Readonly<Record<string, unknown>>;

function ours(path: string): Row[] {
  const lines = read(`${path}.expected.ndjson`).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { row?: Row }).flatMap(({ row }): Row[] => (row ? [row] : []));
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function expectAmong(rows: readonly Row[], expected: Row): void {
  const said = Object.entries(expected).filter(([, value]) => value !== undefined && value !== null && value !== '-');
  expect(rows).toContainEqual(expect.objectContaining(Object.fromEntries(said)));
}

/** `2018-07-02T22:23:00.186641Z` in our form, truncated to milliseconds. */
function shown(time: unknown): string {
  return new Date(String(time)).toISOString().replace('T', ' ').replace('Z', '');
}

/** An absolute URL by its parts; these hosts are names, and these paths have no escapes. */
function urlParts(url: unknown): Row {
  const { protocol, hostname, pathname } = new URL(String(url));
  return { scheme: protocol.replace(':', ''), host: hostname, path: pathname };
}

/** They keep the name of the header part that we extract. */
function rootOf(traceId: unknown): unknown {
  return typeof traceId === 'string' ? traceId.replace('Root=', '') : traceId;
}

interface Ingested {
  readonly '@timestamp': string;
  readonly '@alb'?: Balanced;
  readonly '@elb'?: Balanced;
}

interface Balanced extends Row {
  readonly client: { readonly ip: string; readonly port: number };
  readonly request: Row & { readonly processing_time: number };
  readonly target: Row & { readonly processing_time: number };
  readonly response: { readonly processing_time: number };
}

test.each(['alb/testdata/real-2018-documentation', 'elb/testdata/real-2015-documentation'])(
  'cloud-gov/cg-elb-log-ingestor: %s',
  (path) => {
    const documents = read(`${path}.oracle.json`)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Ingested);
    expect(documents.length).toBe(path.startsWith('alb') ? 6 : 4);
    for (const document of documents) {
      const balanced = document['@alb'] ?? document['@elb'];
      if (!balanced) throw new Error('BUG: a document without a load balancer');
      const { client, request, target, response } = balanced;
      const seconds = request.processing_time + target.processing_time + response.processing_time;
      expectAmong(ours(path), {
        time: shown(document['@timestamp']),
        client_ip: client.ip,
        client_port: client.port,
        method: request.verb,
        http_version: request.protocol,
        ...(request.url === undefined || request.url === '-' ? {} : urlParts(request.url)),
        status: (balanced.alb as Row | undefined)?.status_code ?? (balanced.elb as Row | undefined)?.status_code,
        duration: expect.closeTo(seconds, 6),
        request_id: rootOf(balanced.trace_id),
        user_agent: balanced.user_agent ?? request.user_agent,
        bytes_sent: balanced.sent_bytes,
        // A row omits zeros.
        bytes_received: balanced.received_bytes === 0 ? undefined : balanced.received_bytes,
      });
    }
  },
);

interface Example {
  readonly title: string;
  readonly return: Row;
}

function examples(path: string): Row[] {
  const { examples: all } = JSON.parse(read(`${path}.oracle.json`)) as { examples: readonly Example[] };
  return all.filter(({ title }) => !/error|custom/.test(title)).map((example) => example.return);
}

test('vectordotdev/vrl: parse_aws_alb_log', () => {
  const path = 'alb/testdata/real-2018-vrl';
  for (const parsed of examples(path)) {
    expectAmong(ours(path), {
      time: shown(parsed.timestamp),
      client_ip: String(parsed.client_host).split(':')[0],
      method: parsed.request_method,
      http_version: parsed.request_protocol,
      ...urlParts(parsed.request_url),
      status: Number(parsed.elb_status_code),
      bytes_sent: parsed.sent_bytes,
      bytes_received: parsed.received_bytes,
      request_id: rootOf(parsed.trace_id),
      user_agent: parsed.user_agent,
      connection_id: parsed.traceability_id,
      extra: expect.objectContaining({
        elb: parsed.elb,
        actions_executed: parsed.actions_executed,
        matched_rule_priority: parsed.matched_rule_priority,
        request_creation_time: parsed.request_creation_time,
        target_group_arn: parsed.target_group_arn,
        target_status_code: parsed.target_status_code,
        type: parsed.type,
      }),
    });
  }
});

test.each(['apache', 'common', 'nginx'])('vectordotdev/vrl: parse_%s_log', (name) => {
  const path = `combined/testdata/real-vrl-${name}`;
  const parsedLines = examples(path);
  expect(parsedLines.length).toBeGreaterThan(0);
  for (const parsed of parsedLines) {
    const [method, url, protocol] = String(parsed.request ?? parsed.message).split(' ');
    expectAmong(ours(path), {
      time: shown(parsed.timestamp),
      client_ip: parsed.client ?? parsed.host ?? parsed.remote_addr,
      method,
      path: url,
      http_version: protocol,
      status: parsed.status,
      bytes_sent: parsed.size ?? parsed.body_bytes_size,
      referer: parsed.referrer ?? parsed.referer ?? parsed.http_referer,
      user_agent: parsed.agent ?? parsed.http_user_agent,
      extra: expect.objectContaining({ authuser: parsed.user ?? parsed.remote_user }),
    });
  }
});

test('opensearch-catalog: S3 access', () => {
  const path = 's3-access/testdata/real-2023-bodies';
  const documents = (JSON.parse(read(`${path}.oracle.json`)) as { body: string; aws: { s3: Row } }[])
    // One of the lines was modified to have second 60.
    .filter(({ body }) => !body.includes(':60 +0000]'));
  expect(documents).toHaveLength(4);
  for (const { body, aws } of documents) {
    const [method, url = '', protocol] = String(aws.s3.request_uri).split(' ');
    // Their address, key and status differ from the line beside them.
    expectAmong(ours(path), {
      method,
      path: url.split('?')[0],
      query: url.split('?')[1],
      http_version: protocol,
      request_id: aws.s3.request_id,
      bytes_sent: aws.s3.bytes_sent,
      duration: Number(aws.s3.total_time) / 1000,
      ttfb: Number(aws.s3.turn_around_time) / 1000,
      extra: expect.objectContaining({ bucket: body.split(' ')[1], operation: aws.s3.operation }),
    });
  }
});

test('opensearch-catalog: WAF', () => {
  const path = 'waf/testdata/real-2023-cloudfront';
  const documents = (JSON.parse(read(`${path}.oracle.json`)) as { aws: { waf: Row } }[]).map(({ aws }) => aws.waf);
  expect(documents.length).toBeGreaterThan(0);
  for (const waf of documents) {
    const request = waf.httpRequest as Row & { headers: { name: string; value: string }[] };
    const header = (name: string) => request.headers.find((one) => one.name === name)?.value;
    expectAmong(ours(path), {
      request_id: request.requestId,
      client_ip: request.clientIp,
      country: request.country,
      path: request.uri,
      query: request.args === '' ? undefined : request.args,
      method: request.httpMethod,
      http_version: request.httpVersion,
      user_agent: header('user-agent'),
      referer: header('referer'),
      result: waf.action,
      extra: expect.objectContaining({ httpSourceId: waf.httpSourceId, terminatingRuleId: waf.terminatingRuleId }),
    });
  }
});
