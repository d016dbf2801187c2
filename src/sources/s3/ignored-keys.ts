import { filenameOf, type S3Object } from './s3-object.ts';

/** Written by AWS to see whether it may write. */
const testFiles = new Set(['ELBAccessLogTestFile', 'ConfigWritabilityCheckFile']);

/** Why an object that lies among logs is none, in words; undefined for anything else. */
export function whyIgnored({ key, bytes }: Pick<S3Object, 'key' | 'bytes'>): string | undefined {
  const filename = filenameOf(key);
  if (filename === '' || filename.endsWith('_$folder$')) return 'it stands for a folder';
  if (testFiles.has(filename)) return 'AWS wrote it as a test';
  if (filename === '_SUCCESS') return 'it marks the end of a job';
  if (key.includes('/CloudTrail-Digest/')) return 'it is a digest of other objects';
  return bytes === 0 ? 'it is empty' : undefined;
}
