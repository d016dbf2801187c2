import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKeyTime } from './key-time.ts';

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16));
const read = (key: string) => {
  const time = readKeyTime(key);
  return time && { from: iso(time.fromMs), until: iso(time.untilMs) };
};

/**
 * Keys from AWS's documentation, and from the tests of Dynatrace's log forwarder (Apache-2.0) and AWS's WAF automation
 * (Apache-2.0).
 */
describe('CloudFront', () => {
  test.each(['example/E1SFLUZKKLSP61.2023-02-16-14.e519cdee.gz', 'E1SFLUZKKLSP61.2023-02-16-14.e519cdee.gz'])(
    'v1: %s',
    (key) => {
      expect(read(key)).toEqual({
        from: '2023-02-16T14:00',
        until: '2023-02-16T15:00',
      });
    },
  );

  test('v2 below its own folders', () => {
    const name = 'E1SFLUZKKLSP61.2023-02-16-14.e519cdee.gz';
    const expected = {
      from: '2023-02-16T14:00',
    };
    const folders = [
      'AWSLogs/111122223333/CloudFront/',
      'AWSLogs/111122223333/CloudFront/E1SFLUZKKLSP61/2023/02/16/14/',
      'AWSLogs/aws-account-id=111122223333/CloudFront/DistributionId=E1SFLUZKKLSP61/year=2023/month=02/day=16/hour=14/',
    ];
    for (const folder of folders) expect(read(folder + name)).toMatchObject(expected);
    expect(read(`logs/distributionid=E1SFLUZKKLSP61/year=2023/month=02/day=16/${name}`)).toMatchObject(expected);
  });

  test('v2 whose name says nothing, by its folders', () => {
    expect(
      read('logs/distributionid=E1SFLUZKKLSP61/year=2023/month=02/day=16/hour=14/part-0001.parquet'),
    ).toMatchObject({ from: '2023-02-16T14:00', until: '2023-02-16T15:00' });
    expect(read('AWSLogs/111122223333/CloudFront/E1SFLUZKKLSP61/2023/02/16/x.parquet')).toMatchObject({
      from: '2023-02-16T00:00',
      until: '2023-02-17T00:00',
    });
  });
});

describe('load balancers', () => {
  const folder = 'random_prefix/AWSLogs/012345678910/elasticloadbalancing/us-east-1/2022/09/23/';

  test('application', () => {
    const name =
      '012345678910_elasticloadbalancing_us-east-1_app.k8s-podinfo-podinfoi-ffbc3dc280.82a34fae168ba1aa_20220721T1440Z_192.168.122.18_3okvlwdx.log.gz';
    expect(read(folder + name)).toEqual({
      from: '2022-07-21T14:35',
      until: '2022-07-21T14:41',
    });
  });

  test('application, by the name alone and with a masked account', () => {
    const name =
      'XXXXXXXXXXXX_elasticloadbalancing_us-east-1_app.ApplicationLoadBalancer.fa87e1db7badc175_20230424T2110Z_X.X.X.X_4c8scnzy.log.gz';
    expect(read(name)).toEqual({ from: '2023-04-24T21:05', until: '2023-04-24T21:11' });
  });

  test('classic, whose interval may be an hour', () => {
    const name =
      '012345678910_elasticloadbalancing_us-east-1_a2e8277e0e09143fbb06db5dcd2a14c2_20220730T2350Z_192.168.36.65_31av101p.log';
    expect(read(folder + name)).toEqual({
      from: '2022-07-30T22:50',
      until: '2022-07-30T23:51',
    });
  });

  test('network', () => {
    const name =
      '012345678910_elasticloadbalancing_us-east-1_net.k8s-podinfo-frontend-352ef7564b.809b86b470cfa0ff_20220927T1715Z_bbb0861d.log.gz';
    expect(read(folder + name)).toEqual({ from: '2022-09-27T17:10', until: '2022-09-27T17:16' });
  });

  test('connection logs are others', () => {
    const name =
      '012345678910_elasticloadbalancing_us-east-1_conn_log.app.edge.82a34fae168ba1aa_20220721T1440Z_192.168.122.18_3okvlwdx.log.gz';
    expect(read(folder + name)).toBeUndefined();
  });
});

test('WAF', () => {
  const name = '11111111111_waflogs_us-east-1_TEST-WEBACL_20211028T1950Z_e0ca43b5.log.gz';
  expect(read(`AWSLogs/11111111111/WAFLogs/us-east-1/TEST-WEBACL/2021/10/28/19/50/${name}`)).toEqual({
    from: '2021-10-28T19:45',
    until: '2021-10-28T19:55',
  });
});

describe('S3 access', () => {
  test.each(['optional-prefix/2022-10-03-10-13-50-A211246203787B7F', 'joined2022-10-03-10-13-50-A211246203787B7F'])(
    'simple: %s',
    (key) => {
      expect(read(key)).toEqual({
        from: '2022-10-02T10:13',
        until: '2022-10-03T10:13',
      });
    },
  );

  test('partitioned by the time of the requests', () => {
    const key =
      'logs/123456789012/us-west-2/amzn-s3-demo-source-bucket/2023/03/01/2023-03-01-00-00-00-E6B43D97C2E1A5F3';
    expect(read(key)).toMatchObject({
      from: '2023-03-01T00:00',
      until: '2023-03-02T00:00',
    });
  });
});

test.each([
  'random_prefix/AWSLogs/012345678910/CloudTrail/us-east-1/2022/09/23/012345678910_CloudTrail_us-east-1_20220923T2350Z_noxkMtWv70h0LEES.json.gz',
  'optional_prefix/AWSLogs/012345678910/vpcflowlogs/us-east-1/2023/02/14/012345678910_vpcflowlogs_us-east-1_fl-07f38b767c7cd46e3_20230214T0000Z_129a0cf7.log.gz',
  'AWSLogs/012345678910/KafkaBrokerLogs/us-east-1/demo-20/2023-02-20-17/Broker-1_17-05_5b17f696.log.gz',
  'edge/2026/01/02/03/edge-1-2026-01-02-03-04-05-0f3bd0c8-4d2a-4c8e-9c8d-0c3a1a2b3c4d.gz',
  '',
])('not one of them: %s', (key) => {
  expect(readKeyTime(key)).toBeUndefined();
});

test('any key is answered, with a range that is one', () => {
  const digits = fc.stringMatching(/^\d{4}-\d\d-\d\d-\d\d(-\d\d-\d\d)?$/);
  const key = fc.oneof(
    fc.string(),
    digits.map((time) => `logs/E1SFLUZKKLSP61.${time}.abc.gz`),
    digits.map((time) => `logs/${time}-A211246203787B7F`),
  );
  fc.assert(
    fc.property(key, (text) => {
      const time = readKeyTime(text);
      expect(time === undefined || time.untilMs > time.fromMs).toBe(true);
    }),
  );
});
