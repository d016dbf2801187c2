import { createHash } from 'node:crypto';
import aws4 from 'aws4';
import type { FakeAnswer, SeenRequest } from './fake-cluster.ts';

export interface KnownIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface JudgeOptions {
  readonly service: string;
  readonly region: string;
  readonly identities: readonly KnownIdentity[];
  /** Milliseconds by which its clock is ahead. */
  readonly aheadMs?: number;
}

const toleranceMs = 300_000;

/**
 * Judges a request as AWS does, by another implementation of Signature Version 4 than the one that signed it.
 * @returns the refusal, if it is refused
 */
export function judgeSignature(request: SeenRequest, options: JudgeOptions): FakeAnswer {
  const { service, region, identities, aheadMs = 0 } = options;
  const header = (name: string) => String(request.headers[name] ?? '');
  const refuse = (message: string): FakeAnswer => [403, { message }];
  const [, key = '', scope = '', names = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), SignedHeaders=(\S+), Signature=[0-9a-f]{64}$/.exec(
      header('authorization'),
    ) ?? [];
  if (key === '') return refuse('Missing Authentication Token');
  const [date, hisRegion, hisService] = scope.split('/');
  if (hisRegion !== region) return refuse('Credential should be scoped to a valid region.');
  if (hisService !== service) return refuse(`Credential should be scoped to correct service: '${service}'.`);
  const sentAt = header('x-amz-date');
  const sentMs = Date.parse(sentAt.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  const earlyMs = Date.now() + aheadMs - sentMs;
  if (Number.isNaN(earlyMs) || !sentAt.startsWith(String(date)) || Math.abs(earlyMs) > toleranceMs) {
    return refuse(`Signature ${earlyMs > 0 ? 'expired' : 'not yet current'}: ${sentAt}`);
  }
  const identity = identities.find(({ accessKeyId }) => accessKeyId === key);
  if (!identity) return refuse('The security token included in the request is invalid.');
  if (header('x-amz-security-token') !== (identity.sessionToken ?? '')) return refuse('the token is another one');
  if (header('x-amz-content-sha256') !== createHash('sha256').update(request.bytes).digest('hex')) {
    return refuse('x-amz-content-sha256 is not that of the body');
  }
  const signed = names.split(';');
  const missing = ['host', 'x-amz-date', 'x-amz-content-sha256'].filter((name) => !signed.includes(name));
  if (missing.length > 0) return refuse(`not signed: ${missing.join(', ')}`);
  const again = aws4.sign(
    {
      ...{
        method: request.method,
        path: request.path,
        body: request.bytes.length > 0 ? request.bytes : '',
        service,
        region,
      },
      headers: Object.fromEntries(signed.map((name) => [name, header(name)])),
      extraHeadersToIgnore: { 'content-length': true },
    },
    identity,
  );
  if (again.headers.Authorization === header('authorization')) return undefined;
  return refuse('The request signature we calculated does not match the signature you provided.');
}
