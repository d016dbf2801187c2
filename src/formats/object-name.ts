import { linearPattern } from '../text/linear-pattern.ts';

/** What an object's name reveals about its content. */
export interface ObjectName {
  /** The name without its folders. */
  readonly filename: string;
  /** Distribution id, or empty if the name does not contain it. */
  readonly distribution: string;
  /** AWS account and Region of the writer; empty if neither name nor folders contain them. */
  readonly account: string;
  readonly region: string;
}

/** Location of an object in S3; both empty for others. */
export interface ObjectPlace {
  readonly bucket: string;
  /** With a trailing slash. */
  readonly folder: string;
}

/**
 * Legacy and v2 objects are named `<DISTRIBUTION>.YYYY-MM-DD-HH.<unique>.gz`; v2 can also put the distribution into the
 * path, bare or as `DistributionId=<id>`.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html#AccessLogsFileNaming
 */
export function readObjectName(object: string): ObjectName {
  const filename = object.slice(object.lastIndexOf('/') + 1);
  const distribution =
    /^([A-Z0-9]{8,})\.\d{4}-\d\d-\d\d-\d\d\./.exec(filename)?.[1] ??
    /\/distributionid=([A-Za-z0-9]+)\//i.exec(object)?.[1] ??
    /\/CloudFront\/(E[A-Z0-9]{9,})\//.exec(object)?.[1] ??
    '';
  const named = writerInName.groups(filename) ?? [];
  const inFolders = writerInFolders.groups(object) ?? [];
  const account = named[0] || inFolders[0] || '';
  const region = named[1] || regionInFolders.groups(object)?.[0] || inFolders[1] || '';
  return { filename, distribution, account, region };
}

const region = '[a-z]{2}(?:-[a-z]+)+-[0-9]';
/** `<account>_<service>_<region>_…`, also after `conn_log.`; names of CloudFront and S3 do not have them. */
const writerInName = linearPattern(`^(?:[a-z_]+[._])?([0-9]{12})_[A-Za-z0-9-]+_(?:(${region})_)?`);
/** `AWSLogs/[<organisation>/]<account>/<service>/[<region>/]` */
const writerInFolders = linearPattern(
  `(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(?:aws-account-id=)?([0-9]{12})/[^/]+/(?:(${region})/)?`,
);
const regionInFolders = linearPattern(`/(?:aws-region|region)=(${region})/`);

/** @param origin as in the ledger: `s3://bucket/key`, or the path of a file; of replayed lines with `replay:` in front */
export function readObjectPlace(origin: string): ObjectPlace {
  const [, bucket = '', folder = ''] = /^(?:replay:)?s3:\/\/([^/]+)\/((?:[^/]*\/)*)/.exec(origin) ?? [];
  return { bucket, folder };
}
