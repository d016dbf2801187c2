import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import type { BackupOptions } from '../../../destinations/backup/create-backup.ts';
import type { ShippedTable } from '../../../destinations/destination.ts';
import { secretPrefix } from '../../../webhooks/sign-request.ts';
import { defaults } from '../../defaults.ts';
import { fieldNotes } from '../../field-note.ts';
import { duration, refuse, secretText, size } from '../../fields.ts';
import { quote } from '../../secrecy.ts';
import { backupGrants, backupKey, loadBackup } from './backup-key.ts';
import { type Compression, compressionKey, type DeliveryConfig, deliveryKeys, tablesKey } from './delivery-keys.ts';
import type { DestinationKind } from './destination-kind.ts';

export interface HttpDestinationConfig extends DeliveryConfig {
  readonly type: 'http';
  readonly url: string;
  readonly format: (typeof formats)[number];
  readonly compression: Compression;
  readonly tables: readonly ShippedTable[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secret?: string;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly backup?: BackupOptions;
}

const formats = ['ndjson', 'json'] as const;

/** `{ type: http }` POST requests with JSON lines or arrays. */
export const httpKind: DestinationKind<HttpDestinationConfig> = {
  section: httpSection,
  // A request is known by its key, not by its place.
  shared: () => undefined,
  grants: backupGrants,
  load: async () => {
    const { createHttpDestination } = await import('../../../destinations/http/http-destination.ts');
    const backupOf = await loadBackup('http-endpoint-failed');
    return ({ backup, ...config }, own) => createHttpDestination({ ...config, ...backupOf(backup, own) });
  },
};

function httpSection(baseDirectory: string) {
  const { http } = defaults.destinations;
  return z
    .strictObject({
      type: z.literal('http'),
      url: receiverAddress().describe('Address that takes POST requests.'),
      format: z
        .enum(formats)
        .register(fieldNotes, { expects: `one of ${formats.join(', ')}`, example: 'json' })
        .prefault(http.format)
        .describe('Body of a request: ndjson, an object a line; or json, an array of objects.'),
      compression: compressionKey(http.compression),
      tables: tablesKey(http.tables),
      headers: furtherHeaders().exactOptional().describe('Further headers of each request, such as authorization.'),
      secret: signingSecret()
        .exactOptional()
        .describe(
          'Key with which each request is signed, as Standard Webhooks has it: whsec_ and 24 to 64 bytes in base64.',
        ),
      maxBytes: size({ leastBytes: 1000, example: '5MB' })
        .prefault(http.maxBytes)
        .describe('Limit for the body of a request before compression. A row that is longer is sent alone.'),
      timeout: duration({ leastMs: 100, mostMs: 600_000, example: '30s' })
        .prefault(http.timeout)
        .describe('How long a request may take, with its answer.'),
      backup: backupKey(baseDirectory),
      ...deliveryKeys(),
    })
    .transform(
      ({ timeout, headers = {}, ...rest }): HttpDestinationConfig => ({ ...rest, headers, timeoutMs: timeout }),
    );
}

/** Unlike those of servers, an address of a receiver may have a query and end in a slash. */
export function receiverAddress() {
  const example = 'https://logs.example.com/edge';
  return z
    .string()
    .register(fieldNotes, { expects: 'an http or https address', example })
    .transform((written, context) => {
      const url = URL.canParse(written) ? new URL(written) : undefined;
      if (url === undefined || !/^https?:\/\//i.test(written))
        return refuse(context, 'it is not an http or https address', `write for example ${example}`);
      if (url.username !== '' || url.password !== '')
        return refuse(context, 'it holds a user or a password', 'write headers: { authorization: Basic … } instead');
      return written;
    });
}

/** What the destination itself sets, or what belongs to the connection. */
const ownHeaders =
  /^(connection|content-encoding|content-length|expect|host|idempotency-key|keep-alive|te|tailrace-.*|trailer|transfer-encoding|upgrade|webhook-.*)$/;

export function furtherHeaders() {
  return z
    .record(z.string(), secretText('the value of a header', `Bearer \${TOKEN}`))
    .register(fieldNotes, {
      expects: 'a mapping of names to texts',
      example: `{ authorization: "Bearer \${TOKEN}" }`,
      secret: true,
    })
    .transform((written, context) => {
      const headers = Object.entries(written).map(([name, value]) => [name.toLowerCase(), value] as const);
      for (const [name, value] of headers) {
        if (ownHeaders.test(name)) return refuse(context, `Tailrace sets ${name} itself`, 'leave it out');
        if (!isValid(() => validateHeaderName(name)))
          return refuse(context, `${quote(name)} is not the name of a header`, 'write for example authorization');
        if (!isValid(() => validateHeaderValue(name, value)))
          return refuse(context, `${name} has characters that a header cannot have`, 'write its value on one line');
      }
      return Object.fromEntries(headers);
    });
}

function isValid(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

export function signingSecret() {
  return secretText(`${secretPrefix} and 24 to 64 bytes in base64`, `whsec_\${WEBHOOK_KEY}`).refine((written) => {
    const key = written.startsWith(secretPrefix) ? written.slice(secretPrefix.length) : '';
    const bytes = Buffer.from(key, 'base64');
    return bytes.toString('base64') === key && bytes.length >= 24 && bytes.length <= 64;
  });
}
