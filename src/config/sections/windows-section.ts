import { z } from 'zod';
import type { OutputOptions } from '../../windows/outputs/window-output.ts';
import type { WindowQuery, WindowShape } from '../../windows/window-query.ts';
import { defaults } from '../defaults.ts';
import { fieldNotes } from '../field-note.ts';
import { duration, filePath, refuse, text } from '../fields.ts';
import { sharedStream, streamKey, withRegion } from './aws-stream.ts';
import { receiverAddress, signingSecret } from './destinations/http-destination.ts';
import { awsAccess } from './sources/aws-access.ts';
import { kinesisArn } from './sources/kinesis-source.ts';

const secondMs = 1000;
const dayMs = 86_400_000;

/** `windows:` by name, in their order in the file. */
export function windowsSection(baseDirectory: string) {
  const example =
    '{ window: { type: tumbling, size: 60s }, sql: "SELECT host, count() AS requests FROM requests GROUP BY host" }';
  const query = z
    .strictObject({
      ...windowKeys(),
      outputs: z
        .array(outputKey(baseDirectory))
        .max(10)
        .register(fieldNotes, {
          expects: 'a list of at most 10 outputs',
          example: '[{ type: file, path: ./talkers.ndjson }]',
        })
        .prefault([])
        .describe(
          'Where emitted windows are sent besides the table: type file, webhook or kinesis; see docs/windows.md.',
        ),
    })
    .superRefine(({ outputs }, context) => refuseTwice(outputs, context))
    .transform(({ outputs, ...keys }) => ({
      ...definitionOf(keys),
      outputs: outputs.map((output) =>
        output.type === 'file' ? output : { ...output, giveUpAfterMs: Math.min(output.giveUpAfterMs, keys.keep) },
      ),
    }));
  return z
    .record(windowName, query)
    .register(fieldNotes, { expects: 'a mapping of names to continuous queries', example: `{ by_host: ${example} }` })
    .transform((written): WindowQuery[] => Object.entries(written).map(([name, rest]) => ({ name, ...rest })))
    .prefault({})
    .describe('Continuous queries: answered for each window of event time as soon as it is over; see docs/windows.md.');
}

export const windowName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/);

/** An entry of `windows:` without `outputs`. */
export function windowDefinition() {
  return z.strictObject(windowKeys()).transform(definitionOf);
}

function windowKeys() {
  return {
    from: z
      .enum(['requests', 'logs'])
      .prefault(defaults.windows.from)
      .describe('Table whose rows it reads: requests, logs.'),
    window: windowKey(),
    sql: text('a SELECT over the table', 'SELECT host, count() AS requests FROM requests GROUP BY host').describe(
      'One SELECT over the rows of one window, by the name of the table; it may use window_start and window_end.',
    ),
    disorder: duration({ leastMs: 0, mostMs: dayMs, example: '5s' })
      .prefault(defaults.windows.disorder)
      .describe('How far rows may be behind the latest one of their pipeline or shard without being late.'),
    lateness: duration({ leastMs: 0, mostMs: 7 * dayMs, example: '10m' })
      .prefault(defaults.windows.lateness)
      .describe('How late rows may be and still correct their window; later ones are dropped and counted.'),
    idle: duration({ leastMs: secondMs, mostMs: dayMs, example: '10s' })
      .prefault(defaults.windows.idle)
      .describe('A pipeline or shard without new lines for so long holds no window up.'),
    keep: duration({ leastMs: 3600 * secondMs, mostMs: 3660 * dayMs, example: '7d' })
      .prefault(defaults.windows.keep)
      .describe('How long results are kept.'),
    rebuild: duration({ leastMs: 0, mostMs: 3660 * dayMs, example: '1h' })
      .prefault(defaults.windows.rebuild)
      .describe('A new query, and one with another SQL or window, begins with what was stored so long before.'),
  };
}

interface WrittenKeys extends Pick<WindowQuery, 'from' | 'window' | 'sql'> {
  readonly disorder: number;
  readonly lateness: number;
  readonly idle: number;
  readonly keep: number;
  readonly rebuild: number;
}

function definitionOf({ disorder, lateness, idle, keep, rebuild, ...same }: WrittenKeys) {
  return {
    ...same,
    disorderMs: disorder,
    latenessMs: lateness,
    idleMs: idle,
    keepMs: keep,
    rebuildMs: rebuild,
  };
}

/** An entry of `outputs`. */
function outputKey(baseDirectory: string) {
  const file = z.strictObject({
    type: z.literal('file'),
    path: filePath(baseDirectory, 'a file', './talkers.ndjson').describe(
      'File that gets a JSON object for each window, a line each.',
    ),
  });
  const giveUpAfter = duration({ leastMs: 60 * secondMs, mostMs: 30 * dayMs, example: '24h' })
    .prefault(defaults.windows.giveUpAfter)
    .describe('How long a window is tried again until it is given up; at most as long as it is kept.');
  const kinesis = z.strictObject({
    type: z.literal('kinesis'),
    stream: streamKey('edge-windows').describe('Name or ARN of the stream that gets a record for each window.'),
    ...awsAccess(),
    giveUpAfter,
  });
  const webhook = z.strictObject({
    type: z.literal('webhook'),
    url: receiverAddress().describe('Address that takes a POST request for each window.'),
    secret: signingSecret()
      .exactOptional()
      .describe('Key with which each request is signed, as Standard Webhooks has it.'),
    timeout: duration({ leastMs: secondMs, mostMs: 600 * secondMs, example: '10s' })
      .prefault(defaults.windows.timeout)
      .describe('How long an answer is waited for.'),
    giveUpAfter,
  });
  return z
    .discriminatedUnion('type', [file, webhook, kinesis])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: file, path: ./talkers.ndjson }' })
    .transform((written, context): OutputOptions => {
      if (written.type === 'file') return written;
      const { giveUpAfter: giveUpAfterMs, ...rest } = written;
      if (rest.type === 'kinesis') return { ...withRegion(rest, kinesisArn, context), giveUpAfterMs };
      const { timeout: timeoutMs, ...webhookKeys } = rest;
      return { ...webhookKeys, timeoutMs, giveUpAfterMs };
    });
}

/** Two would share one position. */
function refuseTwice(outputs: readonly OutputOptions[], context: z.core.$RefinementCtx): void {
  const twice = outputs.findIndex((output, index) => outputs.slice(0, index).some((one) => isSamePlace(one, output)));
  if (twice !== -1) refuse(context, 'another output has the same place', 'remove one of the two', ['outputs', twice]);
}

function isSamePlace(one: OutputOptions, other: OutputOptions): boolean {
  if (one.type === 'file') return other.type === 'file' && one.path === other.path;
  if (one.type === 'webhook') return other.type === 'webhook' && one.url === other.url;
  return other.type === 'kinesis' && sharedStream(one, other) !== undefined;
}

/** Key `window`. */
function windowKey() {
  const size = duration({ leastMs: secondMs, mostMs: 7 * dayMs, example: '60s' });
  const tumbling = z.strictObject({
    type: z.literal('tumbling'),
    size: size.describe('Length. Windows follow each other from 1970-01-01 00:00 UTC on.'),
  });
  const hopping = z.strictObject({
    type: z.literal('hopping'),
    size: size.describe('Length.'),
    every: duration({ leastMs: secondMs, mostMs: 7 * dayMs, example: '10s' }).describe(
      'How often one begins; a row is in several windows. At most 1000 in the length.',
    ),
  });
  const session = z.strictObject({
    type: z.literal('session'),
    gap: duration({ leastMs: secondMs, mostMs: dayMs, example: '30s' }).describe(
      'A row that comes so long after the one before it begins another session.',
    ),
    key: z
      .array(text('a column of the table', 'client_ip'))
      .max(8)
      .register(fieldNotes, { expects: 'a list of at most 8 columns of the table', example: '[client_ip]' })
      .prefault([])
      .describe('Columns: each combination of their values has sessions of its own.'),
    longest: duration({ leastMs: secondMs, mostMs: 7 * dayMs, example: '1d' })
      .prefault(defaults.windows.longest)
      .describe('A session ends at the whole multiples of this since 1970-01-01 00:00 UTC, where another one begins.'),
  });
  return z
    .discriminatedUnion('type', [tumbling, hopping, session])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: tumbling, size: 60s }' })
    .transform((written, context): WindowShape => {
      if (written.type === 'tumbling') return { type: 'tumbling', sizeMs: written.size };
      if (written.type === 'session') {
        const { type, gap: gapMs, longest: longestMs, key } = written;
        if (gapMs > longestMs) return refuse(context, 'longest is shorter than gap', 'write a longer one', ['longest']);
        return { type, gapMs, longestMs, key };
      }
      const { size: sizeMs, every: everyMs } = written;
      if (everyMs > sizeMs)
        return refuse(
          context,
          'every is longer than size: rows between windows would be in none',
          'write a shorter one',
          ['every'],
        );
      if (sizeMs / everyMs > 1000)
        return refuse(context, 'a row would be in more than 1000 windows', 'write a longer every', ['every']);
      return { type: 'hopping', sizeMs, everyMs };
    })
    .describe('Which rows belong together, by their time.');
}
