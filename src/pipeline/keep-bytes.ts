import { basename, join } from 'node:path';
import { KeptBytes, type KeptContent, MostKeptError } from '../destinations/archive/kept-bytes.ts';
import type { DestinationDefinition } from '../destinations/run-destinations.ts';
import { EngineError } from '../engine/engine-error.ts';
import type { TakenDelivery } from './take-delivery.ts';

/** Keeps bytes as they came, before their batch is closed, for the destinations that deliver them so. */
export interface ByteKeeper {
  /** @throws EngineError that may pass */
  keep(batch: string, pipeline: string, deliveries: readonly TakenDelivery[]): Promise<void>;
  /** The batch was taken back. */
  drop(batch: string): Promise<void>;
}

/** @param directory outlives this process @returns undefined if no destination takes bytes */
export function openByteKeeper(
  directory: string,
  destinations: readonly DestinationDefinition[],
): ByteKeeper | undefined {
  const takers = destinations.flatMap(({ name, pipelines, mostKeptBytes }) =>
    mostKeptBytes === undefined ? [] : [{ name, pipelines, kept: new KeptBytes(join(directory, name), mostKeptBytes) }],
  );
  if (takers.length === 0) return undefined;
  return {
    keep: async (batch, pipeline, deliveries) => {
      const contents = deliveries.flatMap(contentOf);
      for (const { name, pipelines, kept } of takers) {
        if (pipelines?.includes(pipeline) ?? true) {
          await kept.keep(batch, contents).catch((cause) => Promise.reject(explain(name, cause)));
        }
      }
    },
    drop: async (batch) => {
      for (const { kept } of takers) await kept.forget((name) => name === batch);
    },
  };
}

function contentOf({ content, origin, context, file }: TakenDelivery): KeptContent[] {
  switch (content.kind) {
    case 'lines':
    case 'cloudwatch':
      return [{ kind: 'lines', chunks: content.chunks }];
    case 'file':
      return [
        {
          ...{ kind: 'file', path: content.path, name: context?.filename ?? basename(origin) },
          isPlain: file?.file.content === 'plain',
        },
      ];
    case 'user-file':
      return [];
  }
}

/** The bytes themselves are never the cause, so it is tried again. */
function explain(archive: string, cause: unknown): EngineError {
  const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
  const remedy = isFull
    ? 'the disk is full; free some space'
    : cause instanceof MostKeptError
      ? `${cause.bytes.toLocaleString('en')} bytes wait for it already; see why it takes none, or let keptSize be more`
      : `${(cause as Error).message}; check the folder "raw" of the store`;
  return new EngineError(
    isFull ? 'TAILRACE_DISK_FULL' : 'TAILRACE_STORE_UNAVAILABLE',
    `cannot keep bytes for the archive "${archive}": ${remedy}`,
    { cause, retryable: true },
  );
}
