import { createHash } from 'node:crypto';
import protobuf from 'protobufjs/light.js';

/**
 * Aggregates of the Kinesis Producer Library: magic, a protobuf message, its MD5.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const digestBytes = 16;

const aggregatedRecord = protobuf.Root.fromJSON({
  nested: {
    AggregatedRecord: {
      edition: 'proto2', // with any other, an index of 0 would look absent
      fields: {
        partitionKeyTable: { rule: 'repeated', type: 'string', id: 1 },
        explicitHashKeyTable: { rule: 'repeated', type: 'string', id: 2 },
        records: { rule: 'repeated', type: 'Record', id: 3 },
      },
      nested: {
        Record: {
          fields: {
            partitionKeyIndex: { rule: 'required', type: 'uint64', id: 1 },
            explicitHashKeyIndex: { type: 'uint64', id: 2 },
            data: { rule: 'required', type: 'bytes', id: 3 },
            tags: { rule: 'repeated', type: 'Tag', id: 4 },
          },
        },
        Tag: { fields: { key: { rule: 'required', type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
      },
    },
  },
}).lookupType('AggregatedRecord');

interface Aggregate {
  readonly partitionKeyTable?: readonly string[];
  readonly explicitHashKeyTable?: readonly string[];
  readonly records?: readonly SubRecord[];
}

interface SubRecord {
  readonly partitionKeyIndex: number;
  readonly explicitHashKeyIndex?: number;
  readonly data: Uint8Array;
}

/** A shard's range of the MD5 space of keys, both ends included. */
export interface HashRange {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * User records of a Kinesis record, by the rules of Amazon's consumer library (KCL): anything but a whole aggregate is
 * passed through unchanged; an aggregate with a sub-record of another shard gives none, because the producer
 * sends those again after a reshard.
 */
export function deaggregate(data: Uint8Array, range: HashRange): readonly Uint8Array[] {
  const aggregate = readAggregate(data);
  if (!aggregate) return [data];
  const { records = [] } = aggregate;
  const hashes = records.map((record) => hashOf(record, aggregate));
  if (hashes.includes(undefined)) return [data];
  const isForeign = (hash: bigint | undefined) => hash === undefined || hash < range.from || hash > range.to;
  return hashes.some(isForeign) ? [] : records.map((record) => record.data);
}

function readAggregate(data: Uint8Array): Aggregate | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length <= magic.length + digestBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const message = bytes.subarray(magic.length, -digestBytes);
  if (!createHash('md5').update(message).digest().equals(bytes.subarray(-digestBytes))) return undefined;
  try {
    return aggregatedRecord.toObject(aggregatedRecord.decode(message), { longs: Number }) as Aggregate;
  } catch {
    return undefined;
  }
}

/** @returns undefined when an index is out of range, or a hash key is not a number */
function hashOf(record: SubRecord, aggregate: Aggregate): bigint | undefined {
  const { partitionKeyIndex, explicitHashKeyIndex } = record;
  const partitionKey = aggregate.partitionKeyTable?.[partitionKeyIndex];
  if (partitionKey === undefined) return undefined;
  if (explicitHashKeyIndex === undefined) return md5(partitionKey);
  const explicit = aggregate.explicitHashKeyTable?.[explicitHashKeyIndex];
  return explicit !== undefined && /^\d+$/.test(explicit) ? BigInt(explicit) : undefined;
}

function md5(key: string): bigint {
  return BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
}
