import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formats } from '../formats/catalog.ts';
import { jsonAccess } from '../formats/json-access/format.ts';
import { detectLayout, enoughConfidence } from './detect-layout.ts';
import { fitsLayout } from './fits-layout.ts';
import type { Layout } from './layout.ts';

/** Every sample of every format, without hints: recognised by its lines alone, and not as another format. */
interface Sample {
  readonly format: string;
  readonly name: string;
  readonly lines: readonly string[];
}

const samples = formats.flatMap(({ name: format }) => {
  const folder = fileURLToPath(new URL(`../formats/${format}/testdata/`, import.meta.url));
  const names = readdirSync(folder);
  return names
    .filter((name) => /\.(log|log\.gz|gz|json)$/.test(name) && !/\.(oracle|hints)\.json$/.test(name))
    .filter((name) => !names.includes(`${name.replace(/\.(log|json)$/, '')}.hints.json`))
    .map((name): Sample => ({ format, name, lines: readLines(`${folder}${name}`) }));
});

/** Input that is not a log, or not recognisable by its lines alone: the golden tests have the results. */
const refused =
  /real-2010-rtmp|made-unknown-format|made-binary|made-truncated|made-only-header|made-too-few-to-tell|made-configured|real-2014-blank-in-cookie/;
const known = samples.filter(({ name }) => !refused.test(name));

test.each(known.map((sample) => [`${sample.format}/${sample.name}`, sample] as const))(
  '%s',
  (name, { format, lines }) => {
    const detection = detectLayout(lines.slice(0, 100));
    expect(detection?.layout.format.name).toBe(format);
    expect(detection?.confidence).toBeGreaterThanOrEqual(enoughConfidence);
    // A header below other lines names other columns.
    if (
      lines[0]?.startsWith('#') ||
      !(lines.some((line) => line.startsWith('#Fields')) || name.includes('other-header'))
    )
      expect(fitsLayout(detection?.layout as Layout, lines.slice(0, 20))).toBe(true);
  },
);

test.each(formats.map(({ name }) => [name]))('lines of %s fit no layout of another format', (format) => {
  const own = known.filter((sample) => sample.format === format && /^real|^E|^A/.test(sample.name));
  const layouts = known.flatMap(({ lines, format: other }) => {
    const layout = detectLayout(lines.slice(0, 100))?.layout;
    return layout && other !== format ? [layout] : [];
  });
  for (const { name, lines } of own) {
    // Written by three kinds of load balancer.
    if (name === 'real-2020-three-load-balancers.log') continue;
    const fitting = layouts.filter((layout) => fitsLayout(layout, lines.slice(0, 20)));
    expect(
      fitting.map((layout) => layout.format.name),
      name,
    ).toEqual([]);
  }
});

test('a layout stops fitting when the columns do', () => {
  const line = '2026-03-01\t10:00:00\tFRA56-P4\t1\t203.0.113.9\tGET\td1.cloudfront.net\t/\t200';
  const header = '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status';
  const { layout } = detectLayout([header, line]) as { layout: Layout };
  expect(fitsLayout(layout, [line, ''])).toBe(true);
  expect(fitsLayout(layout, [header, line])).toBe(true);
  expect(fitsLayout(layout, [`${header} cs(Referer)`, `${line}\t-`])).toBe(false);
  expect(fitsLayout(layout, [`${line}\t-`, `${line}\t-`, line])).toBe(false);
  expect(fitsLayout(layout, [line, line, 'broken'])).toBe(true);
  expect(fitsLayout(layout, [])).toBe(true);
});

test('bytes that are no text are no delimiter', () => {
  const [format] = formats;
  const broken = 'a\ufffdb\ufffdc';
  const detection = detectLayout([broken], {
    ...(format ? { format } : {}),
    columns: ['cs-host', 'cs-method', 'comment'],
  });
  expect(detection?.layout.framing).toMatchObject({ delimiter: '\t' });
});

test('a delimiter of two characters is found where the first line is damaged, or a damaged one splits by another', () => {
  const header = '#Fields: date time c-ip sc-status cs-uri-stem x-edge-request-id';
  const line = '2026-03-01||10:00:00||203.0.113.7||200||/a.html||made-1';
  const blanks = 'torn with as many blanks as columns';
  for (const first of [line.slice(9), blanks]) {
    const detection = detectLayout([header, first, line, line, blanks, line]);
    expect(detection?.layout.framing).toMatchObject({ delimiter: '||' });
  }
});

test('a named format is taken whatever the lines look like', () => {
  const alb = formats.find(({ name }) => name === 'alb');
  const detection = detectLayout(['one', 'two'], alb ? { format: alb } : {});
  expect(detection).toMatchObject({ confidence: 1, layout: { namedBy: 'configured' } });
});

test('objects of applications are no access logs', () => {
  for (const line of [
    '{"timestamp":"2026-03-01T10:00:00Z","message":"started"}',
    '{"timestamp":1772359200,"message":"started"}',
    '{"host":"web-1","datetime":"2026-03-01 10:00:00","request":"GET /"}',
    '{"time":"10:00:00","date":"today","status":"up"}',
  ]) {
    expect(detectLayout([line, line]), line).toBeUndefined();
  }
});

function readLines(path: string): string[] {
  const bytes = readFileSync(path);
  try {
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  } catch {
    return [];
  }
}

test('names that access logs as JSON have too make no access log of what an application writes', () => {
  const message = {
    time: '2026-03-01T10:00:00Z',
    level: 'info',
    host: 'h',
    message: 'a',
    request_id: 'r',
    method: 'GET',
  };
  expect(detectLayout([message, { ...message, status: 200, path: '/a' }].map((line) => JSON.stringify(line)))).toBe(
    undefined,
  );
  const named = ['{"ip":"203.0.113.9","uri":"/a","status":200}'];
  expect(detectLayout(named, { format: jsonAccess })?.layout.framing.kind).toBe('keyed');
});

test('a torn line in front of the names of the columns does not hide them; a line of other columns does', () => {
  const lines = [
    '#Version: 1.0',
    '#Fields: date time x-edge-location sc-bytes c-ip cs-method',
    '2026-03-01\t10:00:00\tFRA56-P4\t1\t203.0.113.7\tGET',
  ];
  for (const torn of ['\0\0\0 torn', '{"a":"torn', 'FRA56-P4\t1']) {
    expect(detectLayout([torn, ...lines])?.layout.namedBy).toBe('header');
  }
  expect(detectLayout(['a\tb\tc\td\te\tf', ...lines])?.layout.namedBy).not.toBe('header');
});

test('a few damaged rows of the usual width leave a usual selection sure', () => {
  const path = new URL('../formats/cloudfront-realtime/testdata/made-40-fields.log', import.meta.url);
  const sound = readFileSync(path, 'utf8').trim().split('\n');
  const shifted = sound.slice(0, 2).map((line) => {
    const values = line.split('\t');
    // One value more in front, one less at the end.
    return [values[0], ...values.slice(0, -1)].join('\t');
  });
  const lines = [...shifted, ...Array.from({ length: 20 }, () => sound).flat()].slice(0, 40);
  expect(detectLayout(lines)?.confidence).toBeGreaterThan(enoughConfidence);
});
