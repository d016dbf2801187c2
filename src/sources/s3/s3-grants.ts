import { type AwsGrant, arnOf, bucketArn, grantsTo } from '../aws/aws-grant.ts';
import type { AwsAccess } from '../aws/client-options.ts';

type Place = AwsAccess & ({ readonly queue: string } | { readonly bucket: string; readonly prefix: string });

/** Reading objects; which buckets a queue tells of, the configuration does not say. */
export function s3Grants(place: Place): readonly AwsGrant[] {
  const { bucket, prefix } = 'bucket' in place ? place : { bucket: 'BUCKET', prefix: '' };
  return grantsTo(place, [
    ...('queue' in place ? [queueGrant(place)] : []),
    { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [bucketArn(place, `${bucket}/${prefix}*`)] },
    // Without it a deleted object looks like a forbidden one.
    { actions: ['s3:ListBucket'], resources: [bucketArn(place, bucket)] },
  ]);
}

function queueGrant(place: AwsAccess & { readonly queue: string }): Omit<AwsGrant, 'role'> {
  const [, account, name = 'QUEUE'] = new URL(place.queue).pathname.split('/');
  const known = /^\d{12}$/.test(account ?? '') ? account : undefined;
  return {
    actions: ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'].map(
      (name) => `sqs:${name}`,
    ),
    resources: [arnOf('sqs', place, name, known)],
  };
}
