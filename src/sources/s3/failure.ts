/**
 * What can be done about a failed call. `gone`: the object is not there any more. `passing`: the same call may succeed
 * later. `forbidden`: only a person can mend it. `odd`: anything else, which may well be this object's own trouble.
 */
export type FailureKind = 'gone' | 'passing' | 'forbidden' | 'odd';

/**
 * What only a person can mend, told with a remedy: it ends the source. Without a cause: the SDK's errors hold the whole
 * request, and with it what signs it.
 */
export class UnmendableError extends Error {}

const gone = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound']);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and the errors of SQS. */
const passing = new Set(
  (
    'SlowDown ServiceUnavailable InternalError InternalFailure RequestTimeout RequestTimeoutException TimeoutError ' +
    'RequestThrottled Throttling ThrottlingException ThrottledException TooManyRequestsException RequestLimitExceeded ' +
    'OverLimit KmsThrottled KMS.ThrottlingException ' +
    'ECONNRESET ECONNREFUSED ECONNABORTED ETIMEDOUT EPIPE EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN ' +
    'ERR_STREAM_PREMATURE_CLOSE ENOSPC EMFILE ENFILE'
  ).split(' '),
);

const forbidden = new Set(
  (
    'AccessDenied AccessDeniedException AllAccessDisabled Forbidden NoSuchBucket QueueDoesNotExist InvalidAddress ' +
    'AWS.SimpleQueueService.NonExistentQueue InvalidAccessKeyId InvalidClientTokenId UnrecognizedClientException ' +
    'SignatureDoesNotMatch ExpiredToken ExpiredTokenException CredentialsProviderError PermanentRedirect ' +
    'AuthorizationHeaderMalformed InvalidBucketName ' +
    'KmsAccessDenied KmsDisabled KmsInvalidState KmsNotFound KmsInvalidKeyUsage KmsOptInRequired'
  ).split(' '),
);

export function failureKind(error: unknown): FailureKind {
  const names = failureNames(error);
  const status = failureStatus(error);
  const has = (set: ReadonlySet<string>) => names.some((name) => set.has(name));
  if (has(gone) || isDeleteMarker(error)) return 'gone';
  if (has(forbidden) || isWithoutRegion(error)) return 'forbidden';
  if (has(passing) || status === 429 || status >= 500 || isCutOff(error)) return 'passing';
  return status === 401 || status === 403 || status === 301 ? 'forbidden' : 'odd';
}

/** `NoSuchBucket: The specified bucket does not exist`; the SDK gives some errors no name but a number. */
export function describeFailure(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const text = message.replace(/[.\s]+$/, '') || failureNames(error).at(-1) || `HTTP status ${failureStatus(error)}`;
  return name === '' || name === 'Error' || text.startsWith(name) ? text : `${name}: ${text}`;
}

/**
 * For people: `cannot read "s3://bucket/key": AccessDenied; allow s3:GetObject on …`.
 * @param what `read "s3://bucket/key"`
 * @param action the IAM action that it needs, on the resource
 */
export function explain(error: unknown, what: string, action: string, resource: string): string {
  const advice = {
    forbidden: () => remedy(error, action, resource),
    passing: () => 'check the address and the network',
    gone: () => 'check the name',
    odd: () => 'look at it in the AWS console',
  }[failureKind(error)]();
  return `cannot ${what}: ${describeFailure(error)}; ${advice}`;
}

function remedy(error: unknown, action: string, resource: string): string {
  const names = failureNames(error);
  const is = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (is(/^NoSuchBucket$|^InvalidBucketName$/)) return 'check the name of the bucket';
  if (is(/NonExistentQueue|^QueueDoesNotExist$|^InvalidAddress$/)) {
    return 'check the URL of the queue and its region';
  }
  if (isWithoutRegion(error)) return 'set region, or AWS_REGION';
  if (is(/^PermanentRedirect$|^AuthorizationHeaderMalformed$/)) return 'set region to where the bucket is';
  if (is(/^CredentialsProviderError$/)) return 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role';
  if (is(/^ExpiredToken|^InvalidAccessKeyId$|^InvalidClientTokenId$|^SignatureDoesNot|^Unrecognized/)) {
    return 'check the credentials';
  }
  if (is(/^Kms/) || /\bkms:/i.test(describeFailure(error))) return 'allow kms:Decrypt on its KMS key';
  return `allow ${action} on ${resource}, and kms:Decrypt when a KMS key encrypts it`;
}

/** SQS does not take a receipt, or no longer: not a lack of permission. */
export function isRefusedReceipt(error: unknown): boolean {
  return failureNames(error).some((name) => /ReceiptHandle|InvalidParameterValue|MessageNotInflight/.test(name));
}

function failureNames(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name, code, Code, cause } = error as Record<string, unknown>;
  const own = [name, code, Code].filter((text) => typeof text === 'string');
  return [...own, ...(cause === undefined || cause === error ? [] : failureNames(cause))];
}

function failureStatus(error: unknown): number {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? 0;
}

/** A version that says that the object was deleted cannot be read: 405. */
function isDeleteMarker(error: unknown): boolean {
  return failureNames(error).includes('MethodNotAllowed') && failureStatus(error) === 405;
}

/** The connection broke in the middle of a body. */
function isCutOff(error: unknown): boolean {
  return error instanceof Error && /^aborted$|socket hang up|premature close/i.test(error.message);
}

function isWithoutRegion(error: unknown): boolean {
  return error instanceof Error && /^Region is missing/.test(error.message);
}
