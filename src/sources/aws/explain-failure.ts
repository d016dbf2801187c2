import { describeFailure, failureKind, isNamed, isWithoutRegion } from './failure-kind.ts';

/** Describes a call of a service in messages. */
export interface AwsCall {
  /** `read "s3://bucket/key"`. */
  readonly what: string;
  /** As in an IAM policy: `s3:GetObject`. */
  readonly action: string;
  /** The resource that a policy must allow it on: `arn:aws:s3:::bucket/*`, `the stream "edge-logs"`. */
  readonly resource: string;
  /** Whether `kms:Decrypt` may be missing although the error does not name it. */
  readonly decrypts?: boolean;
  /** What it needs of the KMS key that encrypts the resource; default `kms:Decrypt`. */
  readonly keyAction?: 'kms:Decrypt' | 'kms:GenerateDataKey';
}

/** @param resource `stream "edge-logs"` */
export function callOn(resource: string, action: string): AwsCall {
  return { what: `call ${action} on ${resource}`, action, resource: `the ${resource}` };
}

/**
 * A failure that needs manual action, with a remedy; it ends the source. Has no cause, because the SDK's errors hold
 * the whole request, including its signature.
 */
export class UnmendableError extends Error {}

/**
 * `cannot read "s3://bucket/key": AccessDenied; allow s3:GetObject on arn:aws:s3:::bucket/*`. An UnmendableError is
 * returned unchanged.
 */
export function explain(error: unknown, call: AwsCall): UnmendableError {
  if (error instanceof UnmendableError) return error;
  return new UnmendableError(`cannot ${call.what}: ${describeFailure(error)}; ${remedy(error, call)}`);
}

/** Remedies by the name of the error. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/^NoSuchBucket$|^InvalidBucketName$/, 'check the name of the bucket'],
  [/NonExistentQueue|^QueueDoesNotExist$|^InvalidAddress$/, 'check the URL of the queue and its region'],
  [/^PermanentRedirect$|^AuthorizationHeaderMalformed$/, 'set region to where the bucket is'],
  [/^CredentialsProviderError$/, 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role'],
  [/^ExpiredToken/, 'renew the credentials'],
  [/^SignatureDoesNot|^(Invalid|Incomplete)Signature/, 'check the credentials, and the clock of this machine'],
  [/^InvalidAccessKeyId$|^InvalidClientTokenId$|^Unrecognized/, 'check the credentials'],
];

function remedy(error: unknown, { action, resource, decrypts = false, keyAction = 'kms:Decrypt' }: AwsCall): string {
  const known = remedies.find(([pattern]) => isNamed(error, pattern))?.[1];
  if (known !== undefined) return known;
  if (isNamed(error, /^(Invalid)?KMS/i)) {
    return `allow ${keyAction} on the KMS key that encrypts it, and see that it is enabled`;
  }
  if (isWithoutRegion(error)) return 'set region, or AWS_REGION';
  switch (failureKind(error)) {
    case 'missing':
      return `check the name of ${resource.replace(/ ".*/, '')}, its region and the account`;
    case 'forbidden':
      if (/\bkms:/i.test(describeFailure(error))) return `allow ${keyAction} on its KMS key`;
      return `allow ${action} on ${resource}${decrypts ? ', and kms:Decrypt when a KMS key encrypts it' : ''}`;
    case 'passing':
      return 'see that the service can be reached from here, and is not busy';
    case 'odd':
      return `see that ${action} on ${resource} is allowed, and that the configuration fits it`;
  }
}
