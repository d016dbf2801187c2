import { writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { cloudfrontRealtime } from '../formats/cloudfront-realtime/format.ts';
import type { Field } from '../formats/format.ts';
import { type Detection, detectLayout, enoughConfidence } from '../layouts/detect-layout.ts';
import { fits } from '../layouts/value-fit.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { ingestFiles } from './ingest-files.ts';

const table = cloudfrontRealtime.fields;

/** A value as CloudFront logs it; `seed` makes the rows differ. */
function loggedValue({ name, type }: Field, seed: number): string {
  const values: Readonly<Record<string, readonly string[]>> = {
    timestamp: [`1772359200.${String(seed % 1000).padStart(3, '0')}`],
    'c-ip': [`203.0.113.${seed % 256}`, `2001:db8::${(seed % 256).toString(16)}`],
    's-ip': [`198.51.100.${seed % 256}`],
    'sc-status': ['200', '304', '404', '000'],
    'cs-method': ['GET', 'POST', 'HEAD'],
    'cs-protocol': ['https', 'http'],
    'cs-host': ['www.example.com'],
    'x-host-header': ['d111111abcdef8.cloudfront.net'],
    'cs-uri-stem': [`/a/${seed}.html?x=${seed}`, '/'],
    'x-edge-location': ['FRA56-P4', 'IAD89-C1'],
    'x-edge-request-id': [`${seed}_4AU6ok71zDa4twWLigSM7Ib33IwRsBHm1hDSmIvWoNjBA==`],
    'cs-protocol-version': ['HTTP/2.0', 'HTTP/1.1'],
    'c-ip-version': ['IPv4', 'IPv6'],
    'cs-user-agent': ['Mozilla/5.0%20(X11;%20Linux)', 'curl/8.5.0'],
    'cs-referer': ['https://www.example.com/', '-'],
    'x-forwarded-for': ['-', '203.0.113.9', '198.51.100.7,%2010.0.0.1'],
    'cs-cookie': ['-', 'a=b;%20c=d'],
    'cs-uri-query': [`x=${seed}`, '-'],
    'ssl-protocol': ['TLSv1.3', '-'],
    'ssl-cipher': ['TLS_AES_128_GCM_SHA256', '-'],
    'fle-status': ['-', 'Processed'],
    'sc-content-type': ['text/html', 'image/png', '-'],
    'c-country': ['DE', 'US', 'BR'],
    'cs-accept-encoding': ['gzip,%20br'],
    'cs-accept': ['*/*'],
    'cache-behavior-path-pattern': ['*', '/images/*'],
    'cs-headers': ['host:www.example.com%0Aaccept:*/*'],
    'cs-header-names': ['host%0Aaccept%0A'],
    'primary-distribution-id': ['EDFDVBD6EXAMPLE'],
  };
  const results = ['Hit', 'Miss', 'RefreshHit', 'Error'];
  const byType: Readonly<Record<string, readonly string[]>> = {
    integer: [String(100 + seed), '0', '-'],
    seconds: [`0.${String(seed % 1000).padStart(3, '0')}`, '1.250'],
  };
  const choices = values[name] ?? (/result-type$/.test(name) ? results : (byType[type] ?? ['-', `text${seed}`]));
  return choices[seed % choices.length] as string;
}

function rows(fields: readonly Field[], seeds: readonly number[]): string[] {
  return seeds.map((seed) => fields.map((field, index) => loggedValue(field, seed + index)).join('\t'));
}

/** Fields whose type or pattern distinguishes their values from most others. */
function isStrong({ type, pattern }: Field): boolean {
  return pattern !== undefined || ['integer', 'seconds', 'ip', 'epoch-seconds'].includes(type);
}

function sureDetection(lines: readonly string[]): Detection | undefined {
  const detection = detectLayout(lines);
  return detection && detection.confidence >= enoughConfidence ? detection : undefined;
}

/** Strong fields that are found to be others. */
function wrongFields({ layout }: Detection, fields: readonly Field[]): Field[] {
  return fields.filter((field, index) => isStrong(field) && layout.columns[index] !== field.name);
}

const seeds = fc.uniqueArray(fc.nat({ max: 5000 }), { minLength: 5, maxLength: 12 });
/** Any selection with a time, in the table's order; often large ones, because small ones are refused. */
const selection = fc
  .oneof(
    fc.subarray(table.slice(1), { minLength: 6 }),
    fc.subarray(table.slice(1), { minLength: 66 }),
    fc.subarray(table.slice(1, 46), { minLength: 38 }),
  )
  .map((fields) => [table[0] as Field, ...fields]);

describe('columns found from the values alone', () => {
  test('a random selection is recovered, refused or doubted, but no typed column is silently another', () => {
    fc.assert(
      fc.property(selection, seeds, (fields, numbers) => {
        const detection = sureDetection(rows(fields, numbers));
        for (const field of detection ? wrongFields(detection, fields) : []) {
          const column = fields.indexOf(field) + 1;
          expect(detection?.doubts.join('; '), `column ${column}, ${field.name}`).toContain(`column ${column} is `);
        }
      }),
      // The same for each run: of some 40,000 one is wrong, where all values of a column of sizes look like a status.
      { numRuns: 200, seed: 1 },
    );
  });

  test('of selections that are sure, more than nine of ten are recovered', () => {
    // The same for each run: a share of a few is a matter of chance.
    const samples = fc.sample(fc.tuple(selection, seeds), { numRuns: 400, seed: 1 });
    const sure = samples.flatMap(([fields, numbers]) => {
      const detection = sureDetection(rows(fields, numbers));
      return detection ? [{ detection, fields }] : [];
    });
    const recovered = sure.filter(({ detection, fields }) => wrongFields(detection, fields).length === 0);
    expect(sure.length).toBeGreaterThan(20);
    expect(recovered.length / sure.length).toBeGreaterThan(0.9);
  });

  test.each((cloudfrontRealtime.usualSelections ?? []).map((names) => [names.length, names] as const))(
    'the usual selection of %i fields is recovered',
    (_, names) => {
      const fields = table.filter(({ name }) => names.includes(name));
      fc.assert(
        fc.property(seeds, (numbers) => {
          const detection = detectLayout(rows(fields, numbers));
          expect(detection?.layout.columns).toEqual(fields.map(({ name }) => name));
          expect(detection?.confidence).toBeGreaterThan(enoughConfidence);
        }),
        { numRuns: 30 },
      );
    },
  );

  test('a few lines that are damaged at their beginning do not make a usual selection unsure', () => {
    const [names = []] = cloudfrontRealtime.usualSelections ?? [];
    const fields = table.filter(({ name }) => names.includes(name));
    const lines = rows(
      fields,
      Array.from({ length: 45 }, (_, number) => number * 7),
    );
    const damaged = lines.map((line, index) => (index % 11 === 3 ? `access.log:${line}` : line));
    const detection = detectLayout(damaged);
    expect(detection?.layout.columns).toEqual(fields.map(({ name }) => name));
    expect(detection?.confidence).toBeGreaterThan(enoughConfidence);
  });
});

describe('a stream that changes while its configured columns stay', () => {
  let store: Store;
  let root: string;
  let files = 0;

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-drift-')));
    store = await openStore({ directory: copyPreparedStore(join(root, 'store')) });
  });

  afterAll(async () => {
    await store?.close();
    await rm(root, { recursive: true, force: true });
  });

  async function ingest(configured: readonly Field[], lines: readonly string[]) {
    const path = join(root, `${++files}.log`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const columns = configured.map(({ name }) => name);
    return ingestFiles(store, [path], { hints: { format: cloudfrontRealtime, columns } });
  }

  test('the stream as configured is stored', async () => {
    await fc.assert(
      fc.asyncProperty(selection, seeds, async (fields, numbers) => {
        expect(await ingest(fields, rows(fields, numbers))).toMatchObject({
          rows: numbers.length,
          rejected: 0,
          drifts: [],
        });
      }),
      { numRuns: 6 },
    );
  });

  test('a field more or less rejects every line and is a named event', async () => {
    await fc.assert(
      fc.asyncProperty(selection, seeds, fc.nat(), fc.boolean(), async (fields, numbers, at, isAdded) => {
        const without = fields.filter((_, index) => index !== 1 + (at % (fields.length - 1)));
        const [configured, actual] = isAdded ? [without, fields] : [fields, without];
        const result = await ingest(configured, rows(actual, numbers));
        expect(result).toMatchObject({ rows: 0, rejected: numbers.length });
        expect(result.drifts).toEqual([expect.stringMatching(/^layout_drift: .*columns/)]);
      }),
      { numRuns: 8 },
    );
  });

  test('one field exchanged for another: no row has a value that its typed column cannot have', async () => {
    await fc.assert(
      fc.asyncProperty(selection, seeds, fc.nat(), fc.nat(), async (fields, numbers, drop, take) => {
        const others = table.filter((field) => !fields.includes(field));
        fc.pre(others.length > 0);
        const dropped = fields[1 + (drop % (fields.length - 1))];
        const taken = others[take % others.length];
        const actual = table.filter((field) => field === taken || (fields.includes(field) && field !== dropped));
        const lines = rows(actual, numbers);
        const result = await ingest(fields, lines);
        // Integers without a column of their own, and a list that viewers send, are kept unchanged in `extra`.
        const checked = (field: Field) =>
          isStrong(field) &&
          !field.isOptional &&
          (field.column !== undefined || field.pattern !== undefined || field.type === 'epoch-seconds');
        const fitting = lines.filter((line) =>
          line
            .split('\t')
            .every((value, index) => !checked(fields[index] as Field) || fits(fields[index] as Field, value)),
        );
        expect(result.rows).toBeLessThanOrEqual(fitting.length);
        if (result.rejected >= 5) expect(result.drifts).toHaveLength(1);
      }),
      { numRuns: 15 },
    );
  });
});
