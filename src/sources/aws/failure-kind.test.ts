import { describe, expect, test } from 'vitest';
import { callOn, explain, UnmendableError } from './explain-failure.ts';
import { describeFailure, failureKind } from './failure-kind.ts';

/** As the SDK throws it. */
function failure(name: string, status = 400, message = 'a message.'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

describe('what can be done', () => {
  test.each([
    ['passing', failure('SlowDown', 503)],
    ['passing', failure('ProvisionedThroughputExceededException')],
    ['passing', failure('KMSThrottlingException')],
    ['passing', failure('Unheard', 502)],
    ['passing', failure('Unheard', 429)],
    ['passing', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['passing', new Error('socket hang up')],
    ['passing', new Error('wrapped', { cause: Object.assign(new Error(''), { code: 'ECONNRESET' }) })],
    ['passing', Object.assign(failure('InvalidSignatureException', 403), { $metadata: { clockSkewCorrected: true } })],
    ['missing', failure('ResourceNotFoundException')],
    ['missing', failure('NoSuchKey', 404)],
    ['missing', failure('MethodNotAllowed', 405)],
    ['forbidden', failure('AccessDenied', 403)],
    ['forbidden', failure('403', 403, '')],
    ['forbidden', failure('KMSDisabledException')],
    ['forbidden', failure('SignatureDoesNotMatch', 403)],
    ['forbidden', new Error('Region is missing')],
    ['odd', failure('InvalidArgumentException')],
    ['odd', failure('MethodNotAllowed', 400)],
    ['odd', new Error('anything')],
    ['odd', undefined],
    ['odd', 'text'],
  ])('%s: %s', (kind, error) => {
    expect(failureKind(error)).toBe(kind);
  });
});

test.each([
  [failure('NoSuchBucket'), 'NoSuchBucket: a message'],
  [failure('301', 301, ''), '301'],
  [new Error('plain'), 'plain'],
  [failure('Error', 418, ''), 'Error'],
  ['text', 'text'],
])('%s is described', (error, text) => {
  expect(describeFailure(error)).toBe(text);
});

describe('what to do about it', () => {
  const call = callOn('stream "edge"', 'kinesis:GetRecords');

  test.each([
    [failure('AccessDeniedException'), 'allow kinesis:GetRecords on the stream "edge"'],
    [
      failure('AccessDeniedException', 400, 'not authorized to perform: kms:Decrypt'),
      'allow kms:Decrypt on its KMS key',
    ],
    [failure('KMSDisabledException'), 'allow kms:Decrypt on the KMS key that encrypts it, and see that it is enabled'],
    [failure('ResourceNotFoundException'), 'check the name of the stream, its region and the account'],
    [failure('UnrecognizedClientException'), 'check the credentials'],
    [failure('Unheard', 500), 'see that the service can be reached from here, and is not busy'],
    [failure('Odd'), 'see that kinesis:GetRecords on the stream "edge" is allowed, and that the configuration fits it'],
  ])('%s', (error, remedy) => {
    const { message } = explain(error, call);
    expect(message).toBe(`cannot call kinesis:GetRecords on stream "edge": ${describeFailure(error)}; ${remedy}`);
  });

  test('the hint at KMS is for calls that decrypt', () => {
    const read = { what: 'read "s3://b/k"', action: 's3:GetObject', resource: 'arn:aws:s3:::b/*', decrypts: true };
    expect(explain(failure('AccessDenied', 403), read).message).toBe(
      'cannot read "s3://b/k": AccessDenied: a message; allow s3:GetObject on arn:aws:s3:::b/*, and kms:Decrypt when a KMS key encrypts it',
    );
  });

  test('what is explained stays as it is, and takes nothing of the request along', () => {
    const request = { headers: { authorization: 'secret' } };
    const explained = explain(Object.assign(failure('AccessDenied'), { $response: request }), call);
    expect(explain(explained, callOn('table "t"', 'dynamodb:Scan'))).toBe(explained);
    expect(explained).toBeInstanceOf(UnmendableError);
    expect(explained.cause).toBeUndefined();
  });
});
