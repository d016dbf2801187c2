import { type AwsGrant, arnOf, bucketArn, grantsTo } from '../../sources/aws/aws-grant.ts';
import type { AwsAccess } from '../../sources/aws/client-options.ts';

interface Writing extends AwsAccess {
  readonly bucket: string;
  /** How keys begin. */
  readonly prefix?: string;
  readonly kmsKey?: string;
  /** Whether objects are removed too. */
  readonly removes: boolean;
}

/** Writing objects. */
export function s3WriteGrants(writing: Writing): readonly AwsGrant[] {
  const { bucket, prefix = '', kmsKey, removes } = writing;
  return grantsTo(writing, [
    {
      actions: ['s3:PutObject', ...(removes ? ['s3:DeleteObject'] : [])],
      resources: [bucketArn(writing, `${bucket}/${prefix}*`)],
    },
    ...(kmsKey ? [{ actions: ['kms:GenerateDataKey'], resources: [keyArn(writing, kmsKey)] }] : []),
  ]);
}

function keyArn(access: AwsAccess, key: string): string {
  return key.startsWith('arn:') ? key : arnOf('kms', access, key.startsWith('alias/') ? 'key/KEY-ID' : `key/${key}`);
}
