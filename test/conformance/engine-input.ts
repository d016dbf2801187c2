import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, InputFile } from '../../src/engine/engine.ts';
import { readAll } from './read-all.ts';

interface Line {
  readonly object: number;
  readonly line_number: number;
  readonly line: string;
}

/** Inserting from files. */
export function testInput(engine: () => Engine): void {
  describe('insertFrom', () => {
    let directory: string;
    let count = 0;
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'tailrace-input-'));
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    beforeEach(() =>
      engine().run({
        sql: `
          CREATE OR REPLACE TABLE input_lines (object UInt32, line_number UInt64, line String)
          ENGINE = MergeTree ORDER BY (object, line_number)`,
      }),
    );

    function write(bytes: string | Buffer, gzip = false, name = `${count++}`): InputFile {
      const path = join(directory, name);
      writeFileSync(path, bytes);
      return { path, gzip, bytes: Buffer.byteLength(bytes) };
    }

    function insert(files: readonly InputFile[], where = '1'): Promise<void> {
      return engine().insertFrom({ kind: 'lines', files }, (source) => ({
        sql: `INSERT INTO input_lines SELECT object, line_number, line FROM ${source} WHERE ${where} -- done`,
      }));
    }

    function lines(): Promise<Line[]> {
      return engine().rows<Line>({ sql: 'SELECT * FROM input_lines ORDER BY object, line_number' });
    }

    async function expectLines(...expected: readonly string[][]): Promise<void> {
      const wanted = expected.flatMap((file, index) =>
        file.map((line, line_number) => ({ object: index + 1, line_number, line })),
      );
      expect(await lines()).toEqual(wanted);
    }

    test('plain, gzip, several gzip members, empty files, CRLF, a missing last newline', async () => {
      await insert([
        write('a\nb\n'),
        write(gzipSync('c\r\n\r\nd'), true),
        write(Buffer.concat([gzipSync('e\nf'), gzipSync('g\n'), gzipSync('')]), true),
        write(''),
        write('', true),
        write(gzipSync(''), true),
        write('\n\nh'),
      ]);
      await expectLines(['a', 'b'], ['c\r', '\r', 'd'], ['e', 'fg'], [], [], [], ['', '', 'h']);
    });

    test('only empty files, and no files at all', async () => {
      await insert([write(''), write('', true)]);
      await insert([]);
      await expectLines();
    });

    test('names with any character', async () => {
      const names = ["it's", 'a{b,c}.gz', '*?[x]', 'new\nline', 'x::y.zip', 'ünï', '"`$(x)', '.hidden', 'a\\b'];
      await insert(names.map((name) => write(`${name.length}\n`, false, name)));
      await expectLines(...names.map((name) => [String(name.length)]));
    });

    test('any bytes, and a row for each line after a WHERE', async () => {
      await insert([write(Buffer.from([0xff, 0x00, 0x09, 0x0a, 0x5c, 0x4e, 0x0a]))]);
      const rows = await engine().rows({ sql: 'SELECT hex(line) AS hex FROM input_lines ORDER BY line_number' });
      expect(rows).toEqual([{ hex: 'FF0009' }, { hex: '5C4E' }]);
    });

    test('300 files, each line with its file and number, also when lines are left out', async () => {
      const contents = Array.from({ length: 300 }, (_, file) =>
        Array.from({ length: file % 7 }, (_, n) => `${file} ${n}`),
      );
      const files = contents.map((file, index) => {
        const text = file.join('\n') + (index % 2 && file.length > 0 ? '\n' : '');
        return write(index % 3 ? gzipSync(text) : text, index % 3 !== 0);
      });
      await insert(files, "NOT endsWith(line, ' 1')");
      const expected = contents.flatMap((file, index) =>
        file.flatMap((line, line_number) => (line.endsWith(' 1') ? [] : [{ object: index + 1, line_number, line }])),
      );
      expect(await lines()).toEqual(expected);
    });

    test('many blocks of a large file are numbered as in the file', async () => {
      const text = Array.from({ length: 400_000 }, (_, n) => `${n} ${'x'.repeat(n % 50)}`).join('\n');
      await insert([write(text), write(gzipSync(text), true)], "NOT startsWith(line, '1')");
      const [row] = await engine().rows({
        sql: `
          SELECT count() AS total, countIf(line_number != toUInt64(splitByChar(' ', line)[1])) AS wrong,
            uniqExact(object) AS files
          FROM input_lines`,
      });
      expect(row).toEqual({ total: 2 * 288_889, wrong: 0, files: 2 });
    });

    test('a line of 50 MB', async () => {
      await insert([write(`short\n${'x'.repeat(50_000_000)}\nend`)]);
      const sql = 'SELECT line_number AS n, length(line) AS size FROM input_lines ORDER BY n';
      expect(await engine().rows({ sql })).toEqual([
        { n: 0, size: 5 },
        { n: 1, size: 50_000_000 },
        { n: 2, size: 3 },
      ]);
    });

    test.each<[why: string, bad: () => InputFile]>([
      [
        'ends too early',
        () =>
          write(gzipSync(Buffer.from(Array.from({ length: 9999 }, (_, n) => (n * n) % 251))).subarray(0, -20), true),
      ],
      ['is no gzip', () => write('not compressed', true)],
      ['does not exist', () => ({ path: join(directory, 'nowhere'), gzip: false, bytes: 1 })],
      ['is a directory', () => ({ path: directory, gzip: false, bytes: 1 })],
    ])('a file that %s is named', async (_, bad) => {
      const file = bad();
      await expect(insert([write('fine\n'), write('fine\n'), file, write('fine\n')])).rejects.toMatchObject({
        code: 'TAILRACE_INPUT_UNREADABLE',
        object: 3,
        message: expect.stringContaining(`cannot read the file "${file.path}"`),
      });
      await insert([write('the engine goes on\n')], '1');
    });

    test('settings and parameters of the statement, and a token that stores a batch once', async () => {
      await engine().run({
        sql: `
          CREATE OR REPLACE TABLE input_once (line String) ENGINE = MergeTree ORDER BY line
          SETTINGS non_replicated_deduplication_window = 100`,
      });
      for (const file of [write('x\n'), write('x\n')]) {
        await engine().insertFrom({ kind: 'lines', files: [file] }, (source) => ({
          sql: `INSERT INTO input_once SELECT concat(line, {end:String}) FROM ${source}`,
          params: { end: "'\n" },
          settings: { insert_deduplication_token: 'batch 1' },
        }));
      }
      expect(await engine().rows({ sql: 'SELECT line FROM input_once' })).toEqual([{ line: "x'\n" }]);
    });

    describe('parquet', () => {
      const columns = [
        ['cs_host', 'Nullable(String)'],
        ['odd`name', 'UInt32'],
      ] as const;
      const insertParquet = (files: readonly InputFile[], settings = {}) =>
        engine().insertFrom({ kind: 'parquet', files, columns }, (source) => ({
          sql: `
            INSERT INTO input_lines
            SELECT object, line_number, concat(cs_host, toString("odd\`name")) FROM ${source} WHERE cs_host != 'b'`,
          settings,
        }));

      test('columns by name, with file and row number', async () => {
        const sql =
          "SELECT number::UInt32 AS \"odd`name\", [NULL, 'a', 'b'][number % 3 + 1] AS cs_host FROM numbers(6)";
        const bytes = await readAll(engine().stream({ sql }, { format: 'Parquet' }), 'latin1');
        const file = write(Buffer.from(bytes, 'latin1'));
        await insertParquet([file, file]);
        expect(await lines()).toEqual(
          [1, 2].flatMap((object) => [
            { object, line_number: 1, line: 'a1' },
            { object, line_number: 4, line: 'a4' },
          ]),
        );
      });

      test.each(['PAR1 but nothing more', 'x', ''])('a file that is none is named: "%s"', async (bytes) => {
        await expect(insertParquet([write(bytes)])).rejects.toMatchObject({
          code: 'TAILRACE_INPUT_UNREADABLE',
          object: 1,
        });
      });
    });

    test('of a file that shrinks while it is read, all or an error', async () => {
      const count = 3_000_000;
      const file = write(Array.from({ length: count }, (_, n) => `${n}`).join('\n'));
      let ended = false;
      const inserted = insert([file], 'cityHash64(repeat(line, 20)) != 1')
        .catch((error) => error.code)
        .finally(() => (ended = true));
      while (!ended && (await engine().rows({ sql: readingNow })).length === 0);
      truncateSync(file.path, 1000);
      const outcome = await inserted;
      // An engine that had read it to its end by then has not seen it shrink.
      if (outcome === undefined) {
        expect(await engine().rows({ sql: 'SELECT count() AS n FROM input_lines' })).toEqual([{ n: count }]);
      } else expect(outcome).toBe('TAILRACE_INPUT_UNREADABLE');
    });
  });
}

const readingNow = `
  SELECT 1 FROM system.processes
  WHERE query LIKE '%repeat(line, 20)%' AND read_rows > 0 AND query NOT LIKE '%system.processes%'`;
