import { deaggregate } from '../../framing/records/kpl.ts';
import { type RecordPart, readRecord } from '../../framing/records/read-record.ts';
import type { Delivery } from '../source.ts';
import { rangeVersion } from './position.ts';
import type { Shard } from './shard.ts';
import type { KinesisRecord } from './shard-page.ts';

/** Consecutive records of a shard, to be stored together. */
export interface RecordRange {
  /** One, or two when lines and CloudWatch messages are mixed. */
  readonly deliveries: readonly Delivery[];
  readonly records: readonly KinesisRecord[];
  readonly lastSequence: string;
}

const maxRangeBytes = 16 * 1024 * 1024;
const newline = Buffer.from('\n');

/**
 * The first records of a backlog, as many as fit into a batch once inflated.
 * @param backlog at least one record
 */
export function takeRange(
  backlog: readonly [KinesisRecord, ...KinesisRecord[]],
  shard: Shard,
  origin: string,
): RecordRange {
  const chunks: Record<RecordPart['kind'], Uint8Array[]> = { lines: [], cloudwatch: [] };
  let [count, bytes] = [0, 0];
  for (const record of backlog) {
    for (const data of deaggregate(record.data, shard.hashes)) {
      for (const { kind, bytes: part } of readRecord(data)) {
        chunks[kind].push(part, ...(part.at(-1) === newline[0] ? [] : [newline]));
        bytes += part.length + 1;
      }
    }
    count++;
    if (bytes >= maxRangeBytes) break;
  }
  const records = backlog.slice(0, count);
  const lastSequence = records.at(-1)?.sequence ?? backlog[0].sequence;
  const version = rangeVersion(backlog[0].sequence, lastSequence);
  const kinds = (['lines', 'cloudwatch'] as const).filter((kind) => chunks[kind].length > 0);
  // A range without lines is handed over too, so that it is not read again.
  const deliveries = (kinds.length > 0 ? kinds : (['lines'] as const)).map((kind, index) => ({
    origin,
    version: kinds.length > 1 ? `${version}#${index + 1}` : version,
    content: { kind, chunks: chunks[kind].length > 0 ? [Buffer.concat(chunks[kind])] : [] },
    context: { arrivedAtMs: backlog[0].arrivedAtMs },
  }));
  return { deliveries, records, lastSequence };
}
