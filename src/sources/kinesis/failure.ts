/**
 * What can be done about a failed call. `passing`: the same call may succeed later. `expired`: another iterator is needed.
 * `missing`: no such stream, shard, consumer or table. `final`: only a person can mend it.
 */
export type FailureKind = 'passing' | 'expired' | 'missing' | 'final';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html#API_GetRecords_Errors, and those of DynamoDB. */
const passing = new Set(
  (
    'ProvisionedThroughputExceededException LimitExceededException KMSThrottlingException ThrottlingException Throttling ' +
    'ThrottledException TooManyRequestsException RequestLimitExceeded ResourceInUseException InternalFailureException ' +
    'InternalFailure InternalServerError ServiceUnavailable ServiceUnavailableException RequestTimeout ' +
    'RequestTimeoutException TimeoutError AbortError SyntaxError ' +
    'ECONNRESET ECONNREFUSED ECONNABORTED ETIMEDOUT EPIPE EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN ' +
    'ERR_STREAM_PREMATURE_CLOSE ERR_STREAM_DESTROYED'
  ).split(' '),
);

export function failureKind(error: unknown): FailureKind {
  const names = failureNames(error);
  const is = (name: string) => names.includes(name);
  // A server that was restarted may not know its own iterators any more.
  if (is('ExpiredIteratorException') || says(error, /Invalid ShardIterator/)) return 'expired';
  if (is('ResourceNotFoundException')) return 'missing';
  const status = failureStatus(error);
  const passes = names.some((name) => passing.has(name) || name.startsWith('ERR_HTTP2'));
  return passes || status === 429 || status >= 500 || says(error, cutOff) || says(error, early) ? 'passing' : 'final';
}

/** `AccessDeniedException: User … is not authorized to perform …`. */
export function describeFailure(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const text = message.trim() || failureNames(error).at(-1) || `HTTP status ${failureStatus(error)}`;
  return name === '' || name === 'Error' || text.startsWith(name) ? text : `${name}: ${text}`;
}

/** What a person should do about a call that needs this IAM action (`kinesis:GetRecords`) on this resource. */
function remedy(error: unknown, action: string, resource: string): string {
  const names = failureNames(error);
  const is = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (is(/^ResourceNotFound/)) return `check the name of the ${resource.split(' ')[0]}, its region and the account`;
  if (error instanceof Error && error.message.startsWith('Region is missing')) return 'set region, or AWS_REGION';
  if (is(/^CredentialsProviderError$/)) return 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role';
  if (is(/^ExpiredToken|^UnrecognizedClient|^InvalidSignature|^InvalidClientTokenId$|^IncompleteSignature/)) {
    return 'check the credentials';
  }
  if (is(/^KMS/)) return 'allow kms:Decrypt on the KMS key that encrypts the stream, and see that it is enabled';
  if (is(/^AccessDenied/)) return `allow ${action} on the ${resource}`;
  if (failureKind(error) === 'passing') return 'see that the service can be reached from here, and is not busy';
  return `see that ${action} on the ${resource} is allowed and the configuration fits it`;
}

/** What only a person can mend, told with a remedy: it ends the source. */
class UnmendableError extends Error {}

/** An error that names call, resource, cause and remedy; one that does so already stays as it is. */
export function explain(error: unknown, action: string, resource: string): Error {
  if (error instanceof UnmendableError) return error;
  const text = `cannot call ${action} on ${resource}: ${describeFailure(error)}; ${remedy(error, action, resource)}`;
  return new UnmendableError(text, { cause: error });
}

function failureNames(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name, code, cause } = error as Record<string, unknown>;
  const own = [name, code].filter((text) => typeof text === 'string');
  return [...own, ...(cause === undefined || cause === error ? [] : failureNames(cause))];
}

function failureStatus(error: unknown): number {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? 0;
}

/** The connection broke before or in the middle of a reply. */
const cutOff = /^aborted$|socket hang up|premature close|http2|HTTP\/2/i;
/** Our clock is ahead of theirs. */
const early = /timestampInMillis parameter cannot be greater than the currentTimestampInMillis/;

function says(error: unknown, pattern: RegExp): boolean {
  return error instanceof Error && pattern.test(error.message);
}
