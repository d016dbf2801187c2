import { z } from 'zod';
import type { BackupOptions } from '../../../destinations/backup/create-backup.ts';
import { identityGrants } from '../../../destinations/opensearch/delivery-grants.ts';
import { namings } from '../../../destinations/opensearch/field-naming.ts';
import { rotations } from '../../../destinations/opensearch/index-name.ts';
import type { OpensearchOptions } from '../../../destinations/opensearch/opensearch-destination.ts';
import { awsServices } from '../../../destinations/opensearch/request-signer.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { duration, refuse, secretText, size, text } from '../../fields.ts';
import { httpAddress } from '../../http-address.ts';
import { quote } from '../../secrecy.ts';
import { awsAccess } from '../sources/aws-access.ts';
import { backupGrants, backupKey, loadBackup } from './backup-key.ts';
import { compressionKey, type DeliveryConfig, deliveryKeys, tablesKey } from './delivery-keys.ts';
import type { DestinationKind } from './destination-kind.ts';

export interface OpensearchDestinationConfig extends DeliveryConfig, Omit<OpensearchOptions, 'backup'> {
  readonly type: 'opensearch';
  readonly backup?: BackupOptions;
}

/** Room for the suffix of a rotation within 255 bytes. */
const longestIndex = 200;
const indexShape = /^[a-z0-9][a-z0-9._-]*$/;

/** `{ type: opensearch }` documents of OpenSearch or Elasticsearch. */
export const opensearchKind: DestinationKind<OpensearchDestinationConfig> = {
  section: opensearchSection,
  shared: (one, other) =>
    one.url === other.url && one.index === other.index && one.tables.some((table) => other.tables.includes(table))
      ? `the index ${quote(one.index)} of ${quote(one.url)}`
      : undefined,
  grants: (config) => [...identityGrants(config), ...backupGrants(config)],
  load: async () => {
    const { createOpensearchDestination } = await import('../../../destinations/opensearch/opensearch-destination.ts');
    const backupOf = await loadBackup('AmazonOpenSearchService_failed');
    return ({ backup, ...config }, own) => createOpensearchDestination({ ...config, ...backupOf(backup, own) });
  },
};

function opensearchSection(baseDirectory: string) {
  const { opensearch } = defaults.destinations;
  return z
    .strictObject({
      type: z.literal('opensearch'),
      url: httpAddress('https://search.example.com:9200', 'write those as username and password').describe(
        'Address of OpenSearch 1 or newer, or Elasticsearch 7 or newer.',
      ),
      username: text('a user name', 'tailrace').exactOptional().describe('User, with password.'),
      password: secretText('a password', `\${OPENSEARCH_PASSWORD}`).exactOptional().describe('Password of the user.'),
      apiKey: secretText('an API key as encoded by Elasticsearch', `\${ELASTIC_API_KEY}`)
        .exactOptional()
        .describe('API key of Elasticsearch, as it is encoded; instead of username and password.'),
      aws: awsKey(),
      index: z
        .string()
        .regex(indexShape)
        .max(longestIndex)
        .register(fieldNotes, {
          expects: `a name of at most ${longestIndex} lower-case letters, digits, ".", "_" and "-"`,
          example: 'realtime',
        })
        .describe('Name of the index, to which rotation adds the time.'),
      rotation: z
        .enum(rotations)
        .register(fieldNotes, { expects: `one of ${rotations.join(', ')}`, example: 'day' })
        .prefault(opensearch.rotation)
        .describe(
          'An index for each hour, day, week or month of event time in UTC; none: one for all; stream: a data stream.',
        ),
      fields: z
        .enum(namings)
        .register(fieldNotes, { expects: `one of ${namings.join(', ')}`, example: 'ecs' })
        .prefault(opensearch.fields)
        .describe(
          'Names of fields: native (columns of the store), ecs (Elastic Common Schema) or cloudfront (its real-time log).',
        ),
      keep: keepKey(),
      tables: tablesKey(opensearch.tables),
      bufferSize: size({ leastBytes: 1024 ** 2, mostBytes: 100 * 1024 ** 2, example: '20MiB' })
        .prefault(opensearch.bufferSize)
        .describe('Documents are sent when they have about so many bytes, 1MiB to 100MiB, or after bufferInterval.'),
      bufferInterval: duration({ leastMs: 1000, mostMs: 900_000, example: '1s' })
        .prefault(opensearch.bufferInterval)
        .describe('How long documents wait at most until they are sent, 1s to 15m.'),
      requestSize: size({ leastBytes: 64 * 1024, mostBytes: 100 * 1024 ** 2, example: '5MiB' })
        .prefault(opensearch.requestSize)
        .describe('Most bytes of a request, before compression. Some domains of AWS take 10MiB at most.'),
      compression: compressionKey(opensearch.compression),
      backup: backupKey(baseDirectory),
      ...deliveryKeys(),
    })
    .meta({
      dependentRequired: { username: ['password'], password: ['username'] },
      not: {
        anyOf: [
          { required: ['username', 'apiKey'] },
          { required: ['username', 'aws'] },
          { required: ['apiKey', 'aws'] },
        ],
      },
    })
    .superRefine(({ url, username, password, apiKey, aws, rotation, keep }, context) => {
      const identities = Object.entries({ username, apiKey, aws }).filter(([, value]) => value !== undefined);
      if (identities.length > 1) {
        refuse(context, `it has both ${identities.map(([key]) => key).join(' and ')}`, 'keep one of them');
      }
      const [, named] = /\.(es|aoss)\.amazonaws\.com/.exec(url) ?? [];
      if (aws !== undefined && named !== undefined && named !== aws.service) {
        refuse(context, `its address is one of ${named}, and aws.service is ${aws.service}`, `write service: ${named}`);
      }
      if (aws?.service === 'aoss' && rotation === 'stream') {
        refuse(context, 'OpenSearch Serverless has no data streams', 'choose another rotation');
      }
      if (keep && (rotation === 'none' || rotation === 'stream')) {
        const remedy = 'remove it, and see tailrace retain opensearch --policy';
        refuse(context, `keep deletes indexes of one time, and rotation is ${rotation}`, remedy);
      }
      if ((username === undefined) !== (password === undefined)) {
        refuse(context, 'it has only one of username and password', 'add the other one');
      }
    });
}

function keepKey() {
  const count = (what: string) =>
    z
      .int()
      .min(1)
      .register(fieldNotes, { expects: 'a number of at least 1', example: '30' })
      .exactOptional()
      .describe(what);
  return z
    .strictObject({
      days: count('Indexes stay until their time is over for so many days.'),
      indices: count('Or so many indexes stay, the newest.'),
    })
    .superRefine(({ days, indices }, context) => {
      if (days === undefined && indices === undefined)
        refuse(context, 'it says neither days nor indices', 'write for example { days: 30 }');
    })
    .exactOptional()
    .register(fieldNotes, { expects: 'a mapping with days or indices', example: '{ days: 30 }' })
    .describe(
      'Which indexes stay; older ones of this index and rotation are deleted each hour. Not for none and stream.',
    );
}

function awsKey() {
  const { endpoint: _, ...access } = awsAccess();
  return z
    .strictObject({
      service: z
        .enum(awsServices)
        .register(fieldNotes, { expects: `one of ${awsServices.join(', ')}`, example: 'es' })
        .describe('es for a domain of Amazon OpenSearch Service, aoss for a collection of OpenSearch Serverless.'),
      ...access,
    })
    .exactOptional()
    .register(fieldNotes, { expects: 'a mapping with a service', example: '{ service: es }' })
    .describe('Signs requests with AWS credentials; instead of username or apiKey. Its region may follow from url.');
}
