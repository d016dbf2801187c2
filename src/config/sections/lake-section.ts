import { z } from 'zod';
import { lakeTables } from '../../lake/lake-hours.ts';
import { defaults } from '../defaults.ts';
import { fieldNotes } from '../field-note.ts';
import { duration, size, text } from '../fields.ts';
import { places, storedObjectKeys } from './destinations/place-key.ts';
import { maskSection } from './line-rules-section.ts';

const minuteMs = 60_000;

/** `lake:` where the hours that are over are kept as Parquet. */
export function lakeSection(baseDirectory: string) {
  return z
    .strictObject({
      to: toKey(baseDirectory),
      tables: z
        .array(z.enum(lakeTables))
        .min(1)
        .register(fieldNotes, { expects: `a list of ${lakeTables.join(', ')}`, example: '[requests]' })
        .prefault([...defaults.lake.tables])
        .describe('Whose rows are written: requests, logs.'),
      delay: duration({ leastMs: 0, mostMs: 7 * 1440 * minuteMs, example: '15m' })
        .prefault(defaults.lake.delay)
        .describe('How long after its end an hour is written for the first time.'),
      every: duration({ leastMs: minuteMs, mostMs: 1440 * minuteMs, example: '15m' })
        .prefault(defaults.lake.every)
        .describe('How often `tailrace up` looks for hours that have other rows than the lake.'),
      rewriteAfter: duration({ leastMs: 0, mostMs: 7 * 1440 * minuteMs, example: '1h' })
        .prefault(defaults.lake.rewriteAfter)
        .describe('How long after it was written an hour is written again, when rows came late.'),
      cacheSize: size({ leastBytes: 1e6, example: '4GB' })
        .prefault(defaults.lake.cacheSize)
        .describe(
          'Most bytes of a lake in S3 that are kept on the disk for questions, and that one question may need.',
        ),
      mask: maskSection(defaults.destinations.mask)
        .prefault({})
        .describe('What is made unreadable before it leaves the store.'),
    })
    .transform(({ delay, every, rewriteAfter, cacheSize, ...others }) => ({
      ...others,
      delayMs: delay,
      everyMs: every,
      rewriteAfterMs: rewriteAfter,
      cacheBytes: cacheSize,
    }))
    .exactOptional()
    .describe(
      'Parquet files of all hours that are over, for Athena, DuckDB, Spark and for questions; see docs/lake.md.',
    );
}

/** Key `to`. */
function toKey(baseDirectory: string) {
  const { folder, s3 } = places(baseDirectory, './lake');
  return z
    .discriminatedUnion('type', [
      folder,
      s3.extend({
        prefix: text('how the keys begin', 'lake/')
          .regex(/^[^/].*\/$/)
          .exactOptional()
          .describe('How the keys begin, with a slash at the end.'),
        ...storedObjectKeys(),
      }),
    ])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: folder, path: ./lake }' })
    .describe('Where the lake lies.');
}
