import { globsOverlap } from '../../../text/globs-overlap.ts';
import { quote } from '../../secrecy.ts';
import type { FilesSourceConfig } from './files-source.ts';
import type { KinesisSourceConfig } from './kinesis-source.ts';
import type { S3SourceConfig } from './s3-source.ts';
import type { SourceConfig } from './source-section.ts';

/**
 * What two pipelines would both read, in words, e.g. `the stream edge-logs`: each would take what the other one misses, or
 * all of it would be stored twice. Undefined when they read different things, as far as a configuration can tell.
 */
export function sharedInput(one: SourceConfig, other: SourceConfig): string | undefined {
  if (one.type === 'kinesis' && other.type === 'kinesis') return sharedStream(one, other);
  if (one.type === 's3' && other.type === 's3') return sharedObjects(one, other);
  if (one.type === 'files' && other.type === 'files') return sharedFiles(one, other);
  return one.type === 'stdin' && other.type === 'stdin' ? 'standard input' : undefined;
}

/** By name and region, as the store knows streams; where one has no region, it may be that of the other. */
function sharedStream(one: KinesisSourceConfig, other: KinesisSourceConfig): string | undefined {
  const name = nameOf(one.stream);
  if (name !== nameOf(other.stream) || one.endpoint !== other.endpoint) return undefined;
  const areApart = one.region !== undefined && other.region !== undefined && one.region !== other.region;
  return areApart ? undefined : `the stream ${name}`;
}

function nameOf(stream: string): string {
  return stream.startsWith('arn:') ? stream.slice(stream.indexOf('/') + 1) : stream;
}

function sharedObjects(one: S3SourceConfig, other: S3SourceConfig): string | undefined {
  if ('queue' in one && 'queue' in other) {
    return queueOf(one.queue) === queueOf(other.queue) ? `the queue ${quote(one.queue)}` : undefined;
  }
  if ('queue' in one || 'queue' in other) return undefined;
  if (one.bucket !== other.bucket || one.endpoint !== other.endpoint) return undefined;
  const [short, long] = [one.prefix, other.prefix].sort((a, b) => a.length - b.length) as [string, string];
  return long.startsWith(short) ? `objects of ${quote(`s3://${one.bucket}/${long}`)}` : undefined;
}

/** Queues of AWS have an older address as well. */
function queueOf(url: string): string {
  const { host, pathname } = new URL(url);
  const [, region] = /^([a-z0-9-]+)\.queue\.amazonaws\.com$/.exec(host) ?? [];
  return `${region ? `sqs.${region}.amazonaws.com` : host}${pathname.replace(/\/+$/, '')}`;
}

function sharedFiles(one: FilesSourceConfig, other: FilesSourceConfig): string | undefined {
  for (const path of one.paths) {
    const same = other.paths.find((pattern) => globsOverlap(path, pattern));
    if (same !== undefined)
      return path === same ? `files of ${quote(path)}` : `files that both ${quote(path)} and ${quote(same)} lead to`;
  }
  return undefined;
}
