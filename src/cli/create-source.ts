import type { PipelineConfig } from '../config/sections/pipelines-section.ts';
import type { S3BucketConfig, S3QueueConfig } from '../config/sections/sources/s3-source.ts';
import type { AwsAccess } from '../sources/aws/client-options.ts';
import { createFilesSource } from '../sources/files/files-source.ts';
import { createKinesisSource } from '../sources/kinesis/kinesis-source.ts';
import { createS3Source } from '../sources/s3/s3-source.ts';
import type { Source } from '../sources/source.ts';
import { createStdinSource } from '../sources/stdin/stdin-source.ts';

/** Creates the source of a pipeline; no I/O. @param spoolDirectory for objects on their way, of this pipeline alone */
export function createSource({ name, source }: PipelineConfig, spoolDirectory: string): Source {
  switch (source.type) {
    case 'kinesis': {
      const { type: _, pollIntervalMs, ...options } = source;
      return createKinesisSource({
        ...options,
        pipeline: name,
        ...(pollIntervalMs === undefined ? {} : { pollMs: pollIntervalMs }),
      });
    }
    case 's3': {
      const { type: _, ...options } = source;
      return createS3Source({
        ...access(options),
        pipeline: name,
        spoolDirectory,
        ...('queue' in options ? fromQueue(options) : fromBucket(options)),
      });
    }
    case 'files':
      return createFilesSource({ pipeline: name, paths: source.paths, startFrom: source.startFrom });
    case 'stdin':
      return createStdinSource({ pipeline: name });
  }
}

function access({ region, endpoint, assumeRole }: AwsAccess): AwsAccess {
  return { ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}), ...(assumeRole ? { assumeRole } : {}) };
}

function fromQueue({ queue, visibilityTimeoutSeconds: visibilitySeconds }: Omit<S3QueueConfig, 'type'>) {
  return { queue, ...(visibilitySeconds === undefined ? {} : { visibilitySeconds }) };
}

function fromBucket({ bucket, prefix, intervalMs }: Omit<S3BucketConfig, 'type'>) {
  return { bucket, prefix, ...(intervalMs === undefined ? {} : { intervalMs }) };
}
