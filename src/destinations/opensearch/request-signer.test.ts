import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { undivided } from '../test-doubles/undivided.ts';
import { createOpensearchDestination, type OpensearchOptions } from './opensearch-destination.ts';
import { bulkAnswer, type FakeAnswer, type SeenRequest, startFakeCluster } from './test-doubles/fake-cluster.ts';
import { plainOptions } from './test-doubles/plain-options.ts';
import { type JudgeOptions, judgeSignature, type KnownIdentity } from './test-doubles/signature-judge.ts';

const { signal } = new AbortController();
const region = 'eu-west-1';
const identity: KnownIdentity = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret/of+somebody' };
const batch = {
  ...{ batch: '914067372376507168', requests: 1, logs: 0, rejects: 0 },
  ...{ closedAtMs: 7, firstTime: null, lastTime: null },
};

beforeEach(() => {
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_REGION', 'AWS_ENDPOINT_URL'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_ACCESS_KEY_ID', identity.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', identity.secretAccessKey);
});

afterEach(() => vi.unstubAllEnvs());

/** A cluster that takes only what is signed as it wants it. */
async function start(
  judging: Partial<JudgeOptions> = {},
  more: Partial<OpensearchOptions> = {},
  answer: (request: SeenRequest) => FakeAnswer | 'as usual' = () => 'as usual',
) {
  const server = await startFakeCluster((request) => {
    const refusal = judgeSignature(request, { service: 'es', region, identities: [identity], ...judging });
    if (refusal) return refusal;
    const given = answer(request);
    if (given !== 'as usual') return given;
    if (request.path === '/') return [200, { version: { distribution: 'opensearch', number: '2.19.0' } }];
    if (request.path === '/_bulk') return bulkAnswer(request, () => ({ status: 404 }));
    if (request.path.startsWith('/_bulk?')) return bulkAnswer(request, () => ({ status: 201 }));
    return request.method === 'GET' ? [404, {}] : [200, { acknowledged: true }];
  });
  const destination = createOpensearchDestination({
    ...plainOptions(server.url),
    ...{ compression: 'gzip', aws: { service: 'es', region }, ...more },
  });
  const deliver = async () => {
    await destination.open(signal, (text) => expect.fail(text));
    async function* read() {
      yield Buffer.from('{"create":{"_index":"i","_id":"1"}}\n{"path":"/ü"}\n');
    }
    return destination.ship({ batches: [batch], read, divide: undivided }, signal);
  };
  return { server, destination, deliver };
}

/** @returns its address */
async function listen(answer: (body: string) => readonly [type: string, body: string]): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [type, body] = answer(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

test.each(['gzip', 'none'] as const)(
  'every request to a domain is signed, with compression %s',
  async (compression) => {
    const { server, destination, deliver } = await start({}, { compression });
    expect(await destination.check(signal)).toEqual([]);
    expect(await deliver()).toMatchObject([{ rows: 1, refused: 0 }]);
    expect(server.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      ...['GET /', 'POST /_bulk'],
      ...['GET /', 'GET /_index_template/tailrace-realtime', 'PUT /_index_template/tailrace-realtime', 'POST /_bulk'],
    ]);
  },
);

test('a collection of Serverless is asked only for what it has, and a check leaves nothing there', async () => {
  const { server, destination, deliver } = await start({ service: 'aoss' }, { aws: { service: 'aoss', region } });
  expect(await destination.check(signal)).toEqual([]);
  expect(await deliver()).toMatchObject([{ rows: 1, refused: 0 }]);
  expect(server.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
    'GET /_index_template/tailrace-realtime',
    'GET /_index_template/tailrace-realtime',
    'PUT /_index_template/tailrace-realtime',
    'POST /_bulk',
  ]);
});

test('a collection that takes no ids is told to be of the wrong type', async () => {
  const error = {
    type: 'illegal_argument_exception',
    reason: 'Document ID is not supported in create/index operation request',
  };
  const { deliver } = await start({ service: 'aoss' }, { aws: { service: 'aoss', region } }, (request) =>
    request.path.startsWith('/_bulk') ? bulkAnswer(request, () => ({ status: 400, error })) : 'as usual',
  );
  await expect(deliver()).rejects.toThrow(/takes no ids .*; deliver to a collection of type search/);
});

test.each<[string, Partial<JudgeOptions>]>([
  ['the clock of this machine is wrong (Signature expired', { aheadMs: 600_000 }],
  ['the clock of this machine is wrong (Signature not yet current', { aheadMs: -600_000 }],
  ['it does not accept the signature', { identities: [{ ...identity, secretAccessKey: 'another' }] }],
  ['the credentials are no longer valid', { identities: [] }],
  ['the signature is for another service or region', { service: 'aoss' }],
  ['the signature is for another service or region', { region: 'us-east-1' }],
])('a signature that is not accepted is explained: %s', async (problem, judging) => {
  const { destination } = await start(judging);
  expect(await destination.check(signal)).toEqual([expect.stringContaining(problem)]);
});

test('the region is that of the environment when neither the configuration nor the address names it', async () => {
  vi.stubEnv('AWS_REGION', region);
  const { destination } = await start({}, { aws: { service: 'es' } });
  expect(await destination.check(signal)).toEqual([]);
});

test('without a region or credentials the remedy is told', async () => {
  const { destination } = await start({}, { aws: { service: 'es' } });
  expect(await destination.check(signal)).toEqual([expect.stringMatching(/Region is missing; set region, or/)]);
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  const other = await start();
  expect(await other.destination.check(signal)).toEqual([
    expect.stringMatching(
      /cannot deliver to .*; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role$/,
    ),
  ]);
});

test('credentials that AWS no longer knows are looked up anew, and nothing is lost', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  let number = 0;
  const credentials = () => ({
    accessKeyId: `ASIA${number}`,
    secretAccessKey: 'secret',
    sessionToken: `token ${number}`,
  });
  const url = await listen(() => {
    number++;
    const { accessKeyId, secretAccessKey, sessionToken } = credentials();
    const found = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken };
    return ['application/json', JSON.stringify({ ...found, Expiration: inAnHour() })];
  });
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${url}/credentials`);
  const known: KnownIdentity[] = [];
  const { destination, deliver } = await start({ identities: known });
  known.push({ accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token 1' });
  expect(await destination.check(signal)).toEqual([]);
  known.splice(0, 1, { accessKeyId: 'ASIA2', secretAccessKey: 'secret', sessionToken: 'token 2' });
  expect(await deliver()).toMatchObject([{ rows: 1, refused: 0 }]);
  expect(number).toBe(2);
});

test('requests are signed as the role, which is taken on with its external id', async () => {
  const asked: string[] = [];
  const sts = await listen((body) => {
    asked.push(body);
    return [
      'text/xml',
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>of the role</SecretAccessKey>
        <SessionToken>token</SessionToken><Expiration>${inAnHour()}</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    ];
  });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts);
  const role = { accessKeyId: 'ASIAROLE', secretAccessKey: 'of the role', sessionToken: 'token' };
  const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/log-writer', externalId: 'my-company' };
  const { destination } = await start({ identities: [role] }, { aws: { service: 'es', region, assumeRole } });
  expect(await destination.check(signal)).toEqual([]);
  expect(asked.map((body) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
    expect.objectContaining({ RoleArn: assumeRole.roleArn, ExternalId: 'my-company' }),
  ]);
});
