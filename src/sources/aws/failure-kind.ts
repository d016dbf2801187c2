import { trimTrailing } from '../../text/trim-trailing.ts';

/**
 * How to handle a failed call. `passing`: transient, the same call may succeed later. `missing`: its resource does not
 * exist, or no longer. `forbidden`: needs manual action. `odd`: anything else, possibly specific to this one object.
 */
export type FailureKind = 'passing' | 'missing' | 'forbidden' | 'odd';

const missing = new Set('NoSuchKey NoSuchVersion NotFound ResourceNotFoundException'.split(' '));

/** The errors of S3, SQS, Kinesis and DynamoDB: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html etc. */
const forbidden = new Set(
  (
    'AccessDenied AccessDeniedException AllAccessDisabled Forbidden NoSuchBucket QueueDoesNotExist InvalidAddress ' +
    'AWS.SimpleQueueService.NonExistentQueue InvalidAccessKeyId InvalidClientTokenId UnrecognizedClientException ' +
    'SignatureDoesNotMatch InvalidSignatureException IncompleteSignature ExpiredToken ExpiredTokenException ' +
    'CredentialsProviderError PermanentRedirect AuthorizationHeaderMalformed InvalidBucketName ' +
    'KmsAccessDenied KmsDisabled KmsInvalidState KmsNotFound KmsInvalidKeyUsage KmsOptInRequired ' +
    'KMSAccessDeniedException KMSDisabledException KMSInvalidStateException KMSNotFoundException KMSOptInRequired ' +
    'InvalidKMSResourceException'
  ).split(' '),
);

const passing = new Set(
  (
    'SlowDown Throttling ThrottlingException ThrottledException RequestThrottled TooManyRequestsException ' +
    'RequestLimitExceeded LimitExceededException ProvisionedThroughputExceededException OverLimit KmsThrottled ' +
    'KMS.ThrottlingException KMSThrottlingException ResourceInUseException InternalError InternalFailure ' +
    'InternalFailureException InternalServerError ServiceUnavailable ServiceUnavailableException RequestTimeout ' +
    'RequestTimeoutException TimeoutError AbortError SyntaxError ' +
    'ECONNRESET ECONNREFUSED ECONNABORTED ETIMEDOUT EPIPE EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN ' +
    'ERR_STREAM_PREMATURE_CLOSE ERR_STREAM_DESTROYED ENOSPC EMFILE ENFILE'
  ).split(' '),
);

/** The connection broke before or during a reply. */
const cutOff = /^aborted$|socket hang up|premature close|http2|HTTP\/2/i;
/** For the start of a stream: our clock is ahead of theirs. */
const early = /timestampInMillis parameter cannot be greater than the currentTimestampInMillis/;

export function failureKind(error: unknown): FailureKind {
  const names = failureNames(error);
  const { httpStatusCode: status = 0, clockSkewCorrected = false } = metadata(error);
  const isIn = (set: ReadonlySet<string>) => names.some((name) => set.has(name));
  // The client learned the server's time, and signs the next call with it.
  if (clockSkewCorrected) return 'passing';
  // A delete marker of an S3 object cannot be read.
  if (isIn(missing) || (status === 405 && names.includes('MethodNotAllowed'))) return 'missing';
  if (isIn(forbidden) || isWithoutRegion(error)) return 'forbidden';
  if (isIn(passing) || isNamed(error, /^ERR_HTTP2/) || says(error, cutOff) || says(error, early)) return 'passing';
  if (status === 429 || status >= 500) return 'passing';
  return [301, 401, 403].includes(status) ? 'forbidden' : 'odd';
}

/** `NoSuchBucket: The specified bucket does not exist`; the SDK gives some errors only a number instead of a name. */
export function describeFailure(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const status = metadata(error).httpStatusCode ?? 0;
  const text = trimTrailing(message, '. \t\r\n') || failureNames(error).at(-1) || `HTTP status ${status}`;
  return name === '' || name === 'Error' || text.startsWith(name) ? text : `${name}: ${text}`;
}

/** Whether the error or one of its causes has a matching name or code. */
export function isNamed(error: unknown, pattern: RegExp): boolean {
  return failureNames(error).some((name) => pattern.test(name));
}

export function isWithoutRegion(error: unknown): boolean {
  return says(error, /^Region is missing/);
}

function says(error: unknown, pattern: RegExp): boolean {
  return error instanceof Error && pattern.test(error.message);
}

function failureNames(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name, code, Code, cause } = error as Record<string, unknown>;
  const own = [name, code, Code].filter((text) => typeof text === 'string');
  return [...own, ...(cause === undefined || cause === error ? [] : failureNames(cause))];
}

interface Metadata {
  readonly httpStatusCode?: number;
  readonly clockSkewCorrected?: boolean;
}

function metadata(error: unknown): Metadata {
  const { $metadata } = (error ?? {}) as { $metadata?: Metadata };
  return $metadata ?? {};
}
