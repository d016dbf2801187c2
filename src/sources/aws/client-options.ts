import type { AwsCredentialIdentityProvider } from '@smithy/types';

/** How to reach an AWS service; what is absent comes from the environment and the standard credential chain. */
export interface AwsAccess {
  readonly region?: string;
  /** Another address than AWS's, for local servers; `AWS_ENDPOINT_URL[_SERVICE]` does the same. */
  readonly endpoint?: string;
  readonly assumeRole?: AssumedRole;
}

export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
}

/** Options for any client of the AWS SDK. Calls are repeated by the sources, where it is counted, never by the SDK. */
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
    // HTTP/1.1: the Kinesis client's own choice is HTTP/2, which local servers do not speak.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  };
}

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
