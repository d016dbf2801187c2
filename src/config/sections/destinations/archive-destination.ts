import { z } from 'zod';
import {
  commonStart,
  type Prefix,
  parsePrefix,
  placeholders,
  timePlaceholders,
} from '../../../destinations/archive/prefix.ts';
import { s3WriteGrants } from '../../../destinations/aws/s3-grants.ts';
import type { ShippedTable } from '../../../destinations/destination.ts';
import { nearestName } from '../../../text/nearest-name.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { refuse, size } from '../../fields.ts';
import { quote } from '../../secrecy.ts';
import { formatSize } from '../../size.ts';
import { type Compression, compressionKey, type DeliveryConfig, deliveryKeys, tablesKey } from './delivery-keys.ts';
import type { DestinationKind } from './destination-kind.ts';
import { places, storedObjectKeys } from './place-key.ts';

const formats = ['ndjson', 'parquet', 'raw'] as const;

export interface ArchiveDestinationConfig extends DeliveryConfig {
  readonly type: 'archive';
  readonly to: z.output<ReturnType<typeof toKey>>;
  readonly format: (typeof formats)[number];
  /** Absent: that of the format. */
  readonly prefix?: Prefix;
  readonly compression: Compression;
  /** Of the bytes as they came, how many may wait. */
  readonly keptSize: number;
  readonly tables: readonly ShippedTable[];
}

/** `{ type: archive }` JSON lines or Parquet in files of a folder or in objects of S3. */
export const archiveKind: DestinationKind<ArchiveDestinationConfig> = {
  section: archiveSection,
  shared: (config, otherConfig) => {
    const [{ to: one }, { to: other }] = [config, otherConfig];
    if (one.type === 'folder' && other.type === 'folder')
      return one.path === other.path ? `the folder ${quote(one.path)}` : undefined;
    if (one.type !== 's3' || other.type !== 's3') return undefined;
    const { written } = prefixOf(config);
    const isSame =
      one.bucket === other.bucket && one.endpoint === other.endpoint && written === prefixOf(otherConfig).written;
    return isSame ? `the prefix ${quote(written)} of bucket ${one.bucket}` : undefined;
  },
  grants: (config) =>
    config.to.type === 's3'
      ? s3WriteGrants({ ...config.to, prefix: commonStart(prefixOf(config)), removes: false })
      : [],
  mostKeptBytes: ({ format, keptSize }) => (format === 'raw' ? keptSize : undefined),
  load: async () => {
    const [{ createArchiveDestination }, { createRawArchive }, { KeptBytes }] = await Promise.all([
      import('../../../destinations/archive/archive-destination.ts'),
      import('../../../destinations/archive/raw-archive.ts'),
      import('../../../destinations/archive/kept-bytes.ts'),
    ]);
    return ({ format, ...config }, { spoolDirectory, keptDirectory }) => {
      const options = { ...config, prefix: prefixOf({ ...config, format }), spoolDirectory };
      return format === 'raw'
        ? createRawArchive({ ...options, kept: new KeptBytes(keptDirectory) })
        : createArchiveDestination({ ...options, format });
    };
  },
};

function archiveSection(baseDirectory: string) {
  const { archive } = defaults.destinations;
  return z
    .strictObject({
      type: z.literal('archive'),
      to: toKey(baseDirectory),
      format: z
        .enum(formats)
        .register(fieldNotes, { expects: `one of ${formats.join(', ')}`, example: 'parquet' })
        .prefault(archive.format)
        .describe('How rows are written: ndjson, a JSON object a line, or parquet; raw for the bytes as they came.'),
      prefix: prefixKey(),
      compression: compressionKey(archive.compression),
      tables: tablesKey(archive.tables),
      keptSize: size({ leastBytes: 1e6, example: '50GB' })
        .prefault(archive.keptSize)
        .describe('With raw: how many bytes may wait beside the store. While there are more, the sources wait.'),
      ...deliveryKeys(),
    })
    .superRefine(({ format, prefix, ...section }, context) => {
      const { tables } = section;
      if (format === 'raw') refuseForBytes(section, context);
      else if (formatSize(section.keptSize) !== archive.keptSize)
        refuse(context, 'only bytes as they came are kept', 'remove it, or write format: raw', ['keptSize']);
      const known = format === 'raw' ? timePlaceholders : placeholders(tables);
      for (const { kind, text: name } of prefix?.pieces ?? []) {
        if (kind === 'text' || known.includes(name)) continue;
        const others = format === 'raw' ? 'yyyy, MM, dd, HH' : 'table, yyyy, MM, dd, HH, or a column that they have';
        const remedy = `write ${nearestName(name, known) ?? others}`;
        const problem =
          format === 'raw' ? `"{${name}}" is no part of a time` : `"{${name}}" is no column of ${tables.join(' and ')}`;
        refuse(context, problem, remedy, ['prefix']);
      }
    });
}

function prefixOf({ format, prefix }: Pick<ArchiveDestinationConfig, 'format' | 'prefix'>): Prefix {
  return prefix ?? (parsePrefix(defaults.destinations.archive.prefix[format]) as Prefix);
}

/** Of the bytes as they came nothing is chosen or changed. */
function refuseForBytes(
  { mask, tables, compression }: Pick<ArchiveDestinationConfig, 'mask' | 'tables' | 'compression'>,
  context: z.core.$RefinementCtx,
): void {
  const { archive } = defaults.destinations;
  const excess =
    mask.addresses || mask.query?.length
      ? 'mask'
      : tables.join() !== archive.tables.join()
        ? 'tables'
        : compression !== archive.compression
          ? 'compression'
          : undefined;
  if (excess) refuse(context, 'bytes as they came are not changed', 'remove it, or write format: ndjson', [excess]);
}

/** Key `to`. */
function toKey(baseDirectory: string) {
  const { folder, s3 } = places(baseDirectory, '/srv/logs');
  return z
    .discriminatedUnion('type', [
      folder,
      s3.omit({ prefix: true }).extend({
        ...storedObjectKeys(),
      }),
    ])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: folder, path: /srv/logs }' })
    .describe('Where the objects are kept.');
}

/** Key `prefix`. */
function prefixKey() {
  const preset = defaults.destinations.archive.prefix;
  const expects = 'a relative path of at most 300 characters with {table}, {yyyy}, {MM}, {dd}, {HH} and columns';
  return z
    .string()
    .max(300)
    .register(fieldNotes, { expects, example: '{table}/{yyyy}/{MM}/{dd}/{HH}/' })
    .transform((written, context): Prefix => {
      const prefix = parsePrefix(written);
      if (prefix === undefined)
        return refuse(context, 'its braces do not pair up', 'write for example {yyyy}/{MM}/{dd}/');
      const isInside = written
        .split('/')
        .every((name, index, names) => name !== '..' && name !== '.' && (name !== '' || index === names.length - 1));
      if (!isInside || written.startsWith('.'))
        return refuse(context, `it is not ${expects}`, 'write for example {table}/{yyyy}/{MM}/{dd}/{HH}/');
      return prefix;
    })
    .exactOptional()
    .describe(
      `How names begin: {table}, the time of the rows in UTC ({yyyy}, {MM}, {dd}, {HH}), and columns such as {host}. Without it ${preset.ndjson}, for parquet ${preset.parquet}, for raw ${preset.raw}.`,
    );
}
