import { expect, test } from 'vitest';
import { cloudfrontRealtime } from '../../src/formats/cloudfront-realtime/format.ts';
import { detectLayout } from '../../src/layouts/detect-layout.ts';
import { detectLogLayout } from '../../src/layouts/logs/detect-log-layout.ts';
import { openInput } from '../../src/layouts/opening/open-input.ts';
import { carriers } from './carriers.ts';
import { decodedSample, type GoldenFile, readGoldenFiles } from './golden-file.ts';
import { mutatedFile } from './mutated-file.ts';
import { noLogs } from './no-logs.ts';
import { Random } from './random.ts';

/** TAILRACE_CONFIDENCE is the number of samples per file; another seed makes others. */
const perFile = Number(process.env.TAILRACE_CONFIDENCE ?? 1);
const random = new Random(Number(process.env.TAILRACE_MUTANTS_SEED ?? 1));

interface Sample {
  readonly what: string;
  readonly lines: readonly string[];
  /** `undefined` for what is not a supported log. */
  readonly format: string | undefined;
  readonly columns?: readonly string[];
}

/** What must not be said of a sample with more confidence than this, unless it is so. */
const sure = 0.95;

/** Samples of what carries lines of another format. */
const carried: readonly (readonly [name: string, format: string])[] = [
  ['made-kinesis-agent-access-log', 'combined'],
  ['newrelic-vpc-flow-logs', 'vpc-flow'],
];

const own: readonly { readonly golden: GoldenFile; readonly format: string }[] = readGoldenFiles().flatMap((golden) => {
  const [, format] = /^src-formats-(?:logs-)?(.*)-testdata-/.exec(golden.name) ?? [];
  // What people say of a file is not detected. Of some nobody could tell, or they are no logs, or an application's lines are among
  // those of requests, so that their beginning is something else.
  const isOther =
    /rtmp|unknown-format|binary|too-few-to-tell|three-load-balancers|made-digest|made-tls-and-headers|made-access/.test(
      golden.name,
    );
  if (format === undefined || isOther || Object.keys(golden.hints).length > 0) return [];
  return [{ golden, format: carried.find(([name]) => golden.name.includes(name))?.[1] ?? format }];
});

test('what is said to be 95 % sure is so', () => {
  const tally = { sure: 0, wrong: [] as string[] };
  for (const sample of samples()) {
    const { lines } = openInput(decodedSample(sample.lines));
    const access = detectLayout(lines);
    const found = access ?? detectLogLayout(lines);
    if (!found || found.confidence < sure) continue;
    tally.sure++;
    const isRight =
      found.layout.format.name === sample.format &&
      (!sample.columns || access?.layout.columns.join() === sample.columns.join());
    if (!isRight) tally.wrong.push(`${sample.what}: ${found.layout.format.name}, ${found.confidence}`);
  }
  expect(tally.sure).toBeGreaterThan(own.length * 2);
  expect(tally.wrong.length, tally.wrong.join('\n')).toBeLessThanOrEqual(tally.sure / 1000);
}, 600_000);

function* samples(): Generator<Sample> {
  for (const [what, lines] of Object.entries(noLogs)) yield { what, lines, format: undefined };
  for (const { golden, format } of own) {
    const { lines, name } = golden;
    yield { what: name, lines, format };
    const header = lines.findIndex((line) => !line.startsWith('#'));
    for (let made = 0; made < perFile; made++) {
      const count = 1 + random.below(5);
      yield { what: `${count} lines of ${name}`, lines: lines.slice(0, header + count), format };
      const carrier = random.one(carriers);
      yield { what: `${name} in ${carrier.name}`, lines: lines.map(carrier.carry), format };
      const data = lines.slice(header).filter((line) => line.trim() !== '');
      if (data.length > 1)
        yield { what: `${name}, mutated`, lines: mutatedFile(lines, data.slice(1), 20, random).lines, format };
    }
  }
  yield* selections();
}

/** Records of real-time logs with a selection of fields. */
function* selections(): Generator<Sample> {
  const all = readGoldenFiles().find(({ name }) => name.endsWith('cloudfront-realtime-testdata-made-71-fields.log'));
  if (!all) throw new Error('BUG: no records with all fields');
  const names = cloudfrontRealtime.fields.map(({ name }) => name);
  for (let made = 0; made < 100 * perFile; made++) {
    const most = 20 + random.below(80);
    const places = names.flatMap((_, place) => (place === 0 || random.below(100) < most ? [place] : []));
    const rows = all.lines.slice(0, 1 + random.below(all.lines.length)).map((line) => line.split('\t'));
    yield {
      what: `fields ${places.join()} of real-time logs`,
      lines: rows.map((row) => places.map((place) => row[place] ?? '').join('\t')),
      format: 'cloudfront-realtime',
      columns: places.map((place) => names[place] as string),
    };
  }
}
