import type { AwsCredentialIdentityProvider } from '@smithy/types';

/** How to reach an AWS service; absent values come from the environment and the standard credential chain. */
export interface AwsAccess {
  readonly region?: string;
  /** Endpoint of a local server instead of AWS; `AWS_ENDPOINT_URL[_SERVICE]` does the same. */
  readonly endpoint?: string;
  readonly assumeRole?: AssumedRole;
}

export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
}

/** Options for any client of the AWS SDK. The sources retry calls and count the retries; the SDK never retries. */
export async function awsClientOptions(
  { region, endpoint, assumeRole }: AwsAccess,
  { requestTimeoutMs = 70_000 }: { readonly requestTimeoutMs?: number } = {},
) {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  return {
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(assumeRole ? { credentials: await assumedRole(assumeRole, region) } : {}),
    maxAttempts: 1,
    // Without one, the SDK writes to the terminal itself that it does not retry a stream.
    logger: silent,
    // HTTP/1.1, because the Kinesis client defaults to HTTP/2, which local servers do not support.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  };
}

/**
 * Credentials, region and hash as clients of the SDK have them, here that of SQS, for requests that none of them makes. Credentials
 * are renewed before they expire.
 */
export async function awsIdentity(access: AwsAccess) {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const { credentials, region, sha256 } = new SQSClient(await awsClientOptions(access)).config;
  return { credentials, region, sha256 };
}

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}

async function assumedRole(
  { roleArn, externalId }: AssumedRole,
  region?: string,
): Promise<AwsCredentialIdentityProvider> {
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  return fromTemporaryCredentials({
    params: {
      RoleArn: roleArn,
      RoleSessionName: 'tailrace',
      ...(externalId ? { ExternalId: externalId } : {}),
    },
    ...(region ? { clientConfig: { region } } : {}),
  });
}
