import { s3WriteGrants } from '../destinations/aws/s3-grants.ts';
import { type AwsGrant, bucketArn, grantsTo } from '../sources/aws/aws-grant.ts';
import type { LakeLocation } from './open-lake.ts';

/** What writing and reading a lake needs on AWS. */
export function lakeGrants(location: LakeLocation): readonly AwsGrant[] {
  if (location.type !== 's3') return [];
  return [
    ...s3WriteGrants({ ...location, removes: true }),
    // Hours that the store has not written are found before they are replaced.
    ...grantsTo(location, [
      { actions: ['s3:ListBucket'], resources: [bucketArn(location, location.bucket)] },
      // For questions.
      { actions: ['s3:GetObject'], resources: [bucketArn(location, `${location.bucket}/${location.prefix ?? ''}*`)] },
    ]),
  ];
}
