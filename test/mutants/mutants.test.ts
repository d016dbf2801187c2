import { afterAll, beforeAll, expect, test } from 'vitest';
import { carriers } from './carriers.ts';
import { chooseFiles } from './choose-files.ts';
import type { GoldenFile } from './golden-file.ts';
import { changesColumns, isHeader, mutatedFile } from './mutated-file.ts';
import { Random } from './random.ts';
import { StatedTimes } from './stated-times.ts';
import { StoreUnderTest } from './store-under-test.ts';
import {
  byFirstLine,
  firstLineOf,
  type Row,
  type Rows,
  type Stored,
  withoutCarried,
  withoutLevel,
} from './stored-rows.ts';
import { KnownValues } from './wrong-values.ts';

/**
 * Lines of the committed corpora with faults. TAILRACE_MUTANTS is their number over all files; without it a few of a
 * few files. TAILRACE_MUTANTS_SEED makes others.
 */
const count = Number(process.env.TAILRACE_MUTANTS ?? 0);
const seed = Number(process.env.TAILRACE_MUTANTS_SEED ?? 1);
const files = chooseFiles(count > 0);
const perFile = Math.max(40, Math.ceil(count / files.length));

interface Sound {
  readonly golden: GoldenFile;
  readonly stored: Stored;
  /** All lines but those that are rejected. */
  readonly lines: readonly string[];
  /** Those that become rows. */
  readonly rows: readonly string[];
}

let store: StoreUnderTest;
let sound: readonly Sound[];

beforeAll(async () => {
  store = await StoreUnderTest.open();
  for (const golden of files) store.add(golden.name, golden, golden.lines);
  const refused = await store.store();
  const stored = await store.stored();
  sound = files.flatMap((golden) => {
    const of = stored.get(golden.name);
    return refused.has(golden.name) || !of || of.rows === 0 ? [] : [soundOf(golden, of)];
  });
}, 600_000);

afterAll(() => store?.close());

function soundOf(golden: GoldenFile, stored: Stored): Sound {
  const lines = golden.lines.filter((_, index) => !stored.rejectedLines.has(index + 1));
  return { golden, stored, lines, rows: lines.filter((line) => line.trim() !== '' && !isHeader(line)) };
}

function every(step: number, from: number) {
  return carriers.filter((_, index) => (index + from) % step === 0);
}

/** What a service delivers whole: envelopes around many events, objects without a newline between them. No line of a program. */
const isDocument = /^\{.*"(?:logEvents|resourceLogs|records)" *: *\[|^\{.*\} *\{"/;

/** A part of a line, which is joined only where no other transport is around it. */
const isPart = / std(?:out|err) P /;

test('whatever befalls a line: no value is in a wrong column, no line is lost, and no file is refused for it', async () => {
  const random = new Random(seed);
  const mutated = sound.map((of) => ({ of, ...mutatedFile(of.lines, of.rows, perFile, random) }));
  for (const { of, lines } of mutated) store.add(`${of.golden.name}.mutated`, of.golden, lines);
  const refused = await store.store();
  const stored = await store.stored();
  const problems: string[] = [...refused].map(([name, problem]) => `${name}: refused, ${problem}`);
  for (const { of, copies, lines } of mutated) {
    const name = `${of.golden.name}.mutated`;
    const got = stored.get(name);
    if (!got) continue;
    const tell = (problem: string) => problems.push(`${name}: ${problem}`);
    const stated = new StatedTimes(lines);
    // The line after a damaged one may be read as the rest of that.
    const isSplit = lines.some((line) => / std(?:out|err) [PF] /.test(line));
    const isSyslog = of.lines.some((line) => syslogLine.test(line));
    if (got.lines < lines.length) tell(`${got.lines} of ${lines.length} lines`);
    if (got.rows + got.rejected + got.comments !== got.lines) tell('the books do not balance');
    for (const table of ['requests', 'logs'] as const) {
      const [before, after] = [byFirstLine(of.stored[table]), byFirstLine(got[table])];
      const known = new KnownValues(before);
      for (const [text, { row, count }] of before) {
        const found = after.get(text)?.count ?? 0;
        const wanted = count * copies;
        const isThere =
          found >= wanted ||
          (found >= wanted * leastAlone && (isSplit || heldBy(got[table], row) >= wanted)) ||
          (isSyslog && found + unwrapped(got[table], row) >= wanted);
        if (!isThere && !/"time":"now"/.test(text)) tell(`${found} of ${wanted} rows ${text}`);
      }
      for (const [text, { row }] of after) {
        if (before.has(text)) continue;
        for (const problem of known.problems(row, stated)) tell(`${problem}\n    ${text}`);
      }
    }
  }
  expect(problems).toEqual([]);
}, 3_600_000);

/** A line is joined to a damaged one where that looks as if it went on. */
const leastAlone = 0.7;

/** Rows whose message holds that of an event. */
function heldBy(rows: Rows, event: Row): number {
  if (event.message === undefined) return 0;
  const message = firstLineOf(event);
  return [...rows.values()].reduce(
    (sum, { row, count }) => sum + (String(row.message).includes(message) ? count : 0),
    0,
  );
}

const syslogLine = /^(?:<\d+>)?(?:1 \d{4}-\S+ \S+ \S+ |(?:[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\dT)\S+ \S+ [^ :]+:)/;

/** Rows of a line of syslog as a transport: it is one if any line carries more than words. */
function unwrapped(rows: Rows, event: Row): number {
  return [...rows.values()].reduce((sum, { row, count }) => {
    const isRest = row.time_from === 'envelope' && String(event.message).endsWith(firstLineOf(row));
    return sum + (isRest && row.time === event.time ? count : 0);
  }, 0);
}

test('a line that a transport carries gives the row that it gives alone', async () => {
  const ofLines = sound.filter(({ lines }) => !lines.some((line) => isDocument.test(line) || isPart.test(line)));
  // Each pair is an INSERT: a few do in the short run, and of all files each seed takes others.
  const step = count > 0 ? 4 : 3;
  const pairs =
    count > 0
      ? ofLines.flatMap((of, place) => every(step, place + seed).map((carrier) => ({ of, carrier })))
      : every(step, 0).map((carrier, place) => ({ of: ofLines[place % ofLines.length] as Sound, carrier }));
  // Events of one envelope have one layout: such a file is refused.
  const chosen = pairs.filter(({ of, carrier }) => !(carrier.holdsEvents && changesColumns(of.lines)));
  for (const { of, carrier } of chosen)
    store.add(`${of.golden.name}.${carrier.name}`, of.golden, of.lines.map(carrier.carry));
  const refused = await store.store();
  const stored = await store.stored();
  const problems: string[] = [...refused].map(([name, problem]) => `${name}: refused, ${problem}`);
  for (const { of, carrier } of chosen) {
    const name = `${of.golden.name}.${carrier.name}`;
    const got = stored.get(name);
    if (!got) continue;
    if (got.rows + got.rejected + got.comments !== got.lines) problems.push(`${name}: the books do not balance`);
    for (const table of ['requests', 'logs'] as const) {
      // Lines of one event may come by two streams, and are not joined then.
      const rowsOf = (stored: Stored) => withoutCarried(byFirstLine(stored[table]));
      const [wanted, found] = [rowsOf(of.stored), rowsOf(got)];
      for (const text of wanted.filter((row) => !carrier.isLikeText || row.startsWith('{"time":')))
        if (!found.includes(text) && !(withoutLevel(text) === text && found.map(withoutLevel).includes(text)))
          problems.push(`${name}: no row\n    ${text}\n    but ${found.find((other) => !wanted.includes(other))}`);
    }
  }
  expect(problems).toEqual([]);
}, 3_600_000);
