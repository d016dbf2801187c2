/** What the name of an object tells about what is in it. */
export interface ObjectName {
  /** The name without its folders. */
  readonly filename: string;
  /** Distribution id, or empty when the name does not tell. */
  readonly distribution: string;
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
  return { filename, distribution };
}
