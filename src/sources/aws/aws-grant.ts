import type { AwsAccess } from './client-options.ts';

/** What AWS must allow, to whom. */
export interface AwsGrant {
  /** The role that is taken on; undefined for the program's own identity. */
  readonly role: string | undefined;
  /** As in an IAM policy: `s3:GetObject`. */
  readonly actions: readonly string[];
  /** ARNs; words in capitals are not in the configuration. */
  readonly resources: readonly string[];
}

/** @returns grants to whoever calls, and to the program's own identity that of taking on the role */
export function grantsTo({ assumeRole }: AwsAccess, grants: readonly Omit<AwsGrant, 'role'>[]): readonly AwsGrant[] {
  const given = grants.map((grant) => ({ ...grant, role: assumeRole?.roleArn }));
  if (!assumeRole) return given;
  return [...given, { role: undefined, actions: ['sts:AssumeRole'], resources: [assumeRole.roleArn] }];
}

/** `arn:aws:kinesis:us-east-1:123456789012:stream/edge-logs`; where the account is not known, that of the role. */
export function arnOf(service: string, { region, assumeRole }: AwsAccess, resource: string, account?: string): string {
  const inRole = assumeRole?.roleArn.split(':')[4];
  return `arn:${partitionOf(region)}:${service}:${region ?? 'REGION'}:${account ?? inRole ?? 'ACCOUNT'}:${resource}`;
}

/** ARN of a bucket, or of objects in it. @param resource `my-logs/edge/*` */
export function bucketArn({ region }: AwsAccess, resource: string): string {
  return `arn:${partitionOf(region)}:s3:::${resource}`;
}

/** Of a stream by name or ARN. */
export function streamArnOf(service: string, kind: string, stream: string, access: AwsAccess): string {
  return stream.startsWith('arn:') ? stream : arnOf(service, access, `${kind}/${stream}`);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region = ''): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
