import type { S3ArchiveOptions } from '../destinations/archive/s3-place.ts';
import { FolderLake, type FolderLakeOptions } from './folder-lake.ts';
import type { LakePlace } from './lake-place.ts';
import { S3Lake } from './s3-lake.ts';

/** Where a lake lies. */
export type LakeLocation = FolderLakeOptions | S3ArchiveOptions;

/** Does no I/O. @param spoolDirectory of the lake alone */
export function createLake(location: LakeLocation, spoolDirectory: string): LakePlace {
  return location.type === 's3' ? new S3Lake(location, spoolDirectory) : new FolderLake(location);
}
