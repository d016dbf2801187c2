import { filenameOf, type S3Object } from './s3-object.ts';

/** Written by AWS to test whether it may write. */
const testFiles = new Set(['ELBAccessLogTestFile', 'ConfigWritabilityCheckFile']);

/** Why an object among logs is not a log; undefined for all other objects. */
export function whyIgnored({ key, bytes }: Pick<S3Object, 'key' | 'bytes'>): string | undefined {
  const filename = filenameOf(key);
  if (filename === '' || filename.endsWith('_$folder$')) return 'it stands for a folder';
  if (testFiles.has(filename)) return 'AWS wrote it as a test';
  if (filename === '_SUCCESS') return 'it marks the end of a job';
  if (key.includes('/CloudTrail-Digest/')) return 'it is a digest of other objects';
  return bytes === 0 ? 'it is empty' : undefined;
}
