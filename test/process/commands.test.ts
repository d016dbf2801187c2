import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyPreparedStore } from '../prepared-store.ts';
import { writeOneLog } from './one-log.ts';
import { programPath, runProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

/** A store with one request. */
async function makeStore(): Promise<string> {
  const folder = makeScratchFolder();
  const store = copyPreparedStore(join(folder, 'store'));
  await runProgram(['ingest', '--store', store, writeOneLog(folder)]);
  return store;
}

const commands = [
  'demo',
  'ingest',
  'backfill',
  'replay',
  'query',
  'up',
  'check',
  'template',
  'roles',
  'top',
  'verify',
  'retain',
  'forget',
  'detect',
  'report',
  'dashboards',
  'version',
];

test.concurrent.each(commands)('%s --help tells its usage and ends with 0', async (name) => {
  const { code, stdout, stderr } = await runProgram([name, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: tailrace ${name}`));
});

test('the overview names every command', async () => {
  const { code, stdout } = await runProgram(['--help']);
  expect(code).toBe(0);
  for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
});

test.concurrent.each([
  [[], ''],
  [['ingst'], 'there is no command "ingst"; did you mean "ingest"?'],
  [['ingest'], 'ingest wants at least one PATH'],
  [['ingest', '--formt', 'x', 'y'], 'there is no option --formt; did you mean --format?'],
  [['ingest', '--format', 'cloudfront-standart', 'x'], 'did you mean "cloudfront-standard"?'],
  [['query'], 'query wants one SQL text'],
  [['query', 'SELECT 1', '-f', 'x.sql'], 'query wants one SQL text'],
  [['query', 'SELECT 1', '--param', 'x'], '--param wants NAME=VALUE; found "x"'],
  [['query', 'SELECT 1', '-o', 'json', '--no-header'], '--no-header is for csv and tsv'],
  [['query', '--output', 'xml', 'SELECT 1'], 'there is no output format "xml"'],
  [['up', '--port', '99999'], '--port wants a number from 0 to 65535; found "99999"'],
  [['replay', '--origin', 'x', 'failed.json'], 'choose among rejects; give no files with them'],
  [['replay', '--destination', 'x', 'failed.json'], '--destination goes with --from, --to and --dry-run'],
  [['replay', '--region', 'eu-west-1', 'f'], '--region goes with s3://BUCKET[/PREFIX]'],
  [['replay', 's3://a', 's3://b'], 'replay wants one s3://BUCKET[/PREFIX]'],
  [['replay', '--from', 'soon'], 'cannot read --from "soon"'],
  [['verify', 'x'], 'verify takes no words'],
  [['report', 'x.log'], 'report wants -o FILE'],
  [['dashboards'], 'dashboards wants the word opensearch'],
  [['dashboards', 'opensearch', '--index', 'Realtime'], '--index wants a pattern of indexes'],
])('wrong words end with 2: %j', async (words, message) => {
  const { code, stderr } = await runProgram(words);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('detect tells the format of a file, and of several', async () => {
  const folder = makeScratchFolder();
  const [one, other] = [writeOneLog(folder, 'one.log'), writeOneLog(folder, 'other.log')];
  const { code, stdout } = await runProgram(['detect', '--json', one]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ path: one, format: 'cloudfront-standard', confidence: 1 });
  for (const paths of [[one, other], [folder]]) {
    const several = await runProgram(['detect', ...paths]);
    expect(several).toMatchObject({ code: 0, stderr: '' });
    expect(several.stdout).toMatch(
      /^100 % {2}.*one\.log: cloudfront-standard, .*\n100 % {2}.*other\.log: cloudfront-standard, .*\n$/,
    );
  }
  const missing = await runProgram(['detect', join(folder, 'missing.log')]);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/^tailrace: cannot read ".*missing\.log": no such file or folder; check the path/);
  const useless = {
    'empty.log': '',
    'binary.log': '\u007fELF\0\0\u0001\u0002\0\0\0\u0003\0'.repeat(9),
    'text.txt': 'To whom it may concern\n',
  };
  for (const [name, content] of Object.entries(useless)) writeFileSync(join(folder, name), content);
  for (const [name, remedy] of [
    ['empty.log', 'it is empty; fetch it again, or leave it out'],
    ['binary.log', 'it is a binary file, not a log; leave it out'],
    ['text.txt', 'store them as they are with --format text'],
  ]) {
    const { code, stderr } = await runProgram(['detect', join(folder, name as string)]);
    expect(code).toBe(1);
    expect(stderr).toContain(remedy);
  }
  const mixed = await runProgram(['detect', '--json', folder]);
  expect(mixed.code).toBe(0);
  expect(
    mixed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { problem: expect.stringContaining('binary') },
    { problem: expect.stringContaining('empty') },
    { format: expect.stringContaining('cloudfront-standard'), confidence: 1 },
    { format: expect.stringContaining('cloudfront-standard'), confidence: 1 },
    { problem: expect.stringContaining('--format text') },
  ]);
});

test('query takes SQL from a file and from standard input, values of placeholders, and leaves the header out', async () => {
  const folder = makeScratchFolder();
  const store = join(folder, 'store');
  const mistyped = await runProgram(['query', '--store', store, 'SELECT 1']);
  expect(mistyped).toMatchObject({ code: 1, stdout: '' });
  expect(mistyped.stderr).toContain(`cannot query "${store}": there is no store; ingest logs first`);
  expect(existsSync(store)).toBe(false);

  await runProgram(['ingest', '--store', store, writeOneLog(folder)]);
  const sql = 'SELECT {name:String} AS name, {numbers:Array(UInt8)} AS numbers';
  const params = ['--param', "name=it's = \\", '--param', 'numbers=[1,2]'];
  const file = join(folder, 'question.sql');
  writeFileSync(file, `-- a file\n${sql};\n`);
  const ask = ['query', '--store', store, '-o', 'tsv', ...params];
  const answer = "name\tnumbers\nit\\'s = \\\\\t[1,2]\n";
  expect((await runProgram([...ask, '-f', file])).stdout).toBe(answer);
  expect((await runProgram([...ask, '-'], { stdin: sql })).stdout).toBe(answer);
  expect((await runProgram([...ask, '--no-header', sql])).stdout).toBe(answer.replace(/^.*\n/, ''));
});

test('query prints what it is asked for, and an error of SQL ends with 1', async () => {
  const store = await makeStore();
  const sql = "SELECT 1 AS one, 'a\"b' AS two";
  const printed = async (format: string) => (await runProgram(['query', '--store', store, '-o', format, sql])).stdout;
  expect(JSON.parse(await printed('json'))).toMatchObject({ data: [{ one: 1, two: 'a"b' }] });
  expect(await printed('csv')).toBe('"one","two"\n1,"a""b"\n');
  const wrong = await runProgram(['query', '--store', store, 'SELECT nothing FROM requests']);
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toMatch(/^tailrace: cannot run the query: .*nothing/);
  const refused = await runProgram(['query', '--store', store, 'DROP TABLE requests']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
});

test('text of others does not steer the terminal', async () => {
  const folder = makeScratchFolder();
  const store = copyPreparedStore(join(folder, 'store'));
  const steering = '\u001b]0;owned\u0007\u202e\u009b2J';
  const unsafe = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;
  const log = writeOneLog(folder, `${steering}.log`);
  const missing = await runProgram(['ingest', '--store', store, `${log}.none`]);
  const detected = await runProgram(['detect', `${log}.none`]);
  const refused = await runProgram(['query', '--store', store, `SELEC '${steering}'`]);
  const unknown = await runProgram([steering]);
  for (const { code, stderr } of [missing, detected, refused, unknown]) {
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain('\\u001b]0;owned\\u0007\\u202e\\u009b2J');
    expect(stderr).not.toMatch(unsafe);
  }
  const sql = `SELECT '${steering}' AS text`;
  const table = await runProgram(['query', '--store', store, '-o', 'table', sql]);
  expect(table.stdout).toContain('\\u001b]0;owned');
  expect(table.stdout).not.toMatch(unsafe);
  expect((await runProgram(['query', '--store', store, '-o', 'tsv', sql])).stdout).toBe(`text\n${steering}\n`);
});

test('a reader that leaves early is no failure', async () => {
  const store = await makeStore();
  const sql = 'SELECT number, repeat(toString(number), 20) FROM numbers(900000)';
  const script = 'set -o pipefail; "$0" "$@" | head -n 1; echo "code $?"';
  const words = ['-c', script, process.execPath, programPath, 'query', '--store', store, '-o', 'tsv', sql];
  const { stdout, stderr } = await collect('bash', words);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/code 0\n$/);
});

test('report writes one page that asks nobody for anything', async () => {
  const folder = makeScratchFolder();
  const page = join(folder, 'report.html');
  const { code, stdout, stderr } = await runProgram(['report', writeOneLog(folder), '-o', page]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${page}\n`, stderr: '' });
  const html = readFileSync(page, 'utf8');
  expect(html).toContain('/index.html');
  expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)="(?!data:)[^"#]/);
});

function collect(command: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}

test('rejected lines are counted by reason, stored with the columns that they have, and not stored twice', async () => {
  const folder = makeScratchFolder();
  const store = copyPreparedStore(join(folder, 'store'));
  const log = join(folder, 'a.log');
  writeFileSync(log, '2026-03-01;12:00:00;203.0.113.7;GET;/a;200\ntorn\n');
  const format = ['--format', 'cloudfront-standard', '--delimiter', ';', '--fields'];
  await runProgram(['ingest', '--store', store, ...format, 'date,time,c-ip,cs-method,cs-uri-stem', log]);
  const replay = async (...words: string[]) => (await runProgram(['replay', '--store', store, ...words])).stdout;
  expect(await replay('--dry-run')).toMatch(
    /^1 line of 1 object: too few .*\n {4}torn\n1 line of 1 object: too many .*\n/m,
  );
  const named = [...format, 'date,time,c-ip,cs-method,cs-uri-stem,sc-status'];
  expect(await replay(...named)).toMatch(/^2 lines of 1 object: 1 rows stored, 1 rejected again, 0 comments\n/);
  expect(await replay(...named)).toBe('no rejected lines wait for a replay\n');
  const { stdout } = await runProgram([
    'query',
    '--store',
    store,
    '-o',
    'csv',
    '--no-header',
    'SELECT path, status FROM requests',
  ]);
  expect(stdout).toBe('"/a",200\n');
});

test("Firehose's failed records are counted by error code, and stored once", async () => {
  const folder = makeScratchFolder();
  const store = copyPreparedStore(join(folder, 'store'));
  const line = '2026-03-01T12:00:00Z ERROR boom';
  const record = { attemptsMade: 8, arrivalTimestamp: 1772366400200, errorCode: '400', errorMessage: 'x' };
  const failures = join(folder, 'failed-1');
  writeFileSync(failures, `${JSON.stringify({ ...record, rawData: Buffer.from(line).toString('base64') })}\nother\n`);
  const replay = (...words: string[]) => runProgram(['replay', '--store', store, ...words, failures]);
  expect((await replay('--dry-run')).stdout).toBe('1 records: 400\n');
  for (const [lines, rows] of [
    [1, 1],
    [0, 0],
  ]) {
    const { code, stdout, stderr } = await replay();
    expect(stdout).toMatch(new RegExp(`^1 records in 1 file, ${lines} lines? of them new: ${rows} rows stored,`));
    expect([code, stderr]).toEqual([1, expect.stringContaining('1 of its lines are no failed records of Firehose')]);
  }
  const sql = 'SELECT level, message FROM logs';
  const { stdout } = await runProgram(['query', '--store', store, '-o', 'csv', '--no-header', sql]);
  expect(stdout).toBe(`"ERROR","${line}"\n`);
});
