import type { SourceUnderTest } from './source-under-test.ts';
import { followedFiles } from './sources/followed-files.ts';
import { httpIntakes } from './sources/http-intakes.ts';
import { kinesisStream } from './sources/kinesis-stream.ts';
import { s3Listing } from './sources/s3-listing.ts';
import { s3Queue } from './sources/s3-queue.ts';
import { standardInput } from './sources/standard-input.ts';
import { userFiles } from './sources/user-files.ts';

/** Every source and intake; a new one gets its place here. */
export const sources: readonly SourceUnderTest[] = [
  userFiles,
  followedFiles,
  standardInput,
  s3Listing,
  s3Queue,
  kinesisStream,
  ...httpIntakes,
];
