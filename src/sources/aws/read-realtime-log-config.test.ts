import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRealtimeLogConfig } from './read-realtime-log-config.ts';

const arn = 'arn:aws:cloudfront::123456789012:realtime-log-config/edge';

/**
 * No local server supports real-time log configurations, so this is a stub of the documented answer:
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetRealtimeLogConfig.html
 */
function answerXml(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <GetRealtimeLogConfigResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
      <RealtimeLogConfig>
        <ARN>${arn}</ARN><Name>edge</Name><SamplingRate>25</SamplingRate>
        <EndPoints><member><StreamType>Kinesis</StreamType></member></EndPoints>
        <Fields><Field>timestamp</Field><Field>c-ip</Field><Field>sc-status</Field></Fields>
      </RealtimeLogConfig>
    </GetRealtimeLogConfigResult>`;
}

function errorXml(code: string): string {
  return `<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type>
    <Code>${code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

describe('readRealtimeLogConfig', () => {
  let server: Server;
  let answer: { status: number; body: string };
  let asked: { path: string; body: string } | undefined;
  const environment = { ...process.env };

  beforeEach(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked = { path: request.url ?? '', body };
        response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_CLOUDFRONT: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  });

  afterEach(() => {
    server.close();
    process.env = { ...environment };
  });

  it('reads fields and sampling rate', async () => {
    answer = { status: 200, body: answerXml() };
    expect(await readRealtimeLogConfig(arn)).toEqual({
      fields: ['timestamp', 'c-ip', 'sc-status'],
      samplingRate: 25,
    });
    expect(asked?.path).toBe('/2020-05-31/get-realtime-log-config');
    expect(asked?.body).toContain(arn);
  });

  it('names the ARN and the missing permission', async () => {
    answer = { status: 403, body: errorXml('AccessDenied') };
    await expect(readRealtimeLogConfig(arn)).rejects.toThrow(
      `cannot read the real-time log configuration "${arn}": AccessDenied: no; give credentials that may call cloudfront:GetRealtimeLogConfig`,
    );
  });

  it('names an ARN that is not there', async () => {
    answer = { status: 404, body: errorXml('NoSuchRealtimeLogConfig') };
    await expect(readRealtimeLogConfig(arn)).rejects.toThrow(/NoSuchRealtimeLogConfig: no; check the ARN/);
  });
});
