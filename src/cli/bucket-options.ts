import type { AwsAccess } from '../sources/aws/client-options.ts';
import { type Arguments, textOption, UsageError } from './command.ts';

/** Options of commands that read `s3://BUCKET[/PREFIX]`. */
export const bucketOptions = {
  region: { type: 'string' },
  endpoint: { type: 'string' },
  'assume-role': { type: 'string' },
  'external-id': { type: 'string' },
} as const;

export const bucketHelp = `  --region NAME    where the bucket is; default AWS_REGION
  --endpoint URL   another server that speaks S3; default AWS_ENDPOINT_URL
  --assume-role ARN  act as this role, with --external-id TEXT if it wants one`;

/** Objects of a bucket, and how to reach them. */
export interface BucketPlace extends AwsAccess {
  readonly bucket: string;
  readonly prefix: string;
}

/** Reads the only word of a command line, and the options. @throws UsageError */
export function readBucket(args: Arguments, command: string): BucketPlace {
  const [address = '', ...others] = args.positionals;
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]*)(?:\/(.*))?$/s.exec(address) ?? [];
  if (bucket === undefined || others.length > 0) throw new UsageError(`${command} wants one s3://BUCKET[/PREFIX]`);
  const [region, endpoint] = [textOption(args, 'region'), textOption(args, 'endpoint')];
  const [roleArn, externalId] = [textOption(args, 'assume-role'), textOption(args, 'external-id')];
  if (externalId !== undefined && roleArn === undefined) throw new UsageError('--external-id goes with --assume-role');
  return {
    bucket,
    prefix,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(roleArn === undefined ? {} : { assumeRole: { roleArn, ...(externalId === undefined ? {} : { externalId }) } }),
  };
}

/** The same where files may be named instead. @returns undefined without an s3 address. @throws UsageError */
export function readOptionalBucket(args: Arguments, command: string): BucketPlace | undefined {
  if (args.positionals.some((word) => word.startsWith('s3://'))) return readBucket(args, command);
  const idle = Object.keys(bucketOptions).find((name) => textOption(args, name) !== undefined);
  if (idle !== undefined) throw new UsageError(`--${idle} goes with s3://BUCKET[/PREFIX]`);
  return undefined;
}
