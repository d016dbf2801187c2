import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createBackup } from '../backup/create-backup.ts';
import type { Delivered, Shipment, UnfitBatchError } from '../destination.ts';
import { undivided } from '../test-doubles/undivided.ts';
import { createModuleDestination, type ModuleOptions } from './module-destination.ts';

vi.mock('../../waiting/backoff.ts', () => ({ backoffMs: () => 5 }));

const { signal } = new AbortController();

interface Trial {
  readonly outcome: readonly Delivered[] | Error;
  /** What the operator is told. */
  readonly told: readonly string[];
  /** What the module told of its calls. */
  readonly seen: string;
}

function writeModule(name: string, code: string, packageType = 'commonjs'): string {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-module-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // `npm init` writes "commonjs".
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: packageType }));
  writeFileSync(join(folder, name), code);
  return join(folder, name);
}

function optionsOf(path: string, options: Partial<ModuleOptions>): ModuleOptions {
  return {
    ...{ path, tables: ['logs'], batchRows: 3, maxBytes: 1_000_000, timeoutMs: 60_000, attempts: 2, maxMemory: 512e6 },
    ...{ env: [], options: {} },
    ...options,
  };
}

const allTaken = { rows: 3, bytes: 24, refused: 0, backupBytes: 0, missing: 0 };

/** Delivers rows `{"n":0}`, `{"n":1}` … with a module. */
async function deliver(path: string, options: Partial<ModuleOptions> = {}, rows = 3): Promise<Trial> {
  const told: string[] = [];
  const destination = createModuleDestination(optionsOf(path, options));
  let outcome: Trial['outcome'];
  try {
    await destination.open(signal, (text) => told.push(text));
    outcome = (await destination.ship(shipmentOf(rows), signal)) as readonly Delivered[];
  } catch (cause) {
    outcome = cause as UnfitBatchError;
  } finally {
    await destination.close();
  }
  const prefix = /^\S+ prints: /;
  const seen = told.filter((text) => prefix.test(text)).map((text) => text.replace(prefix, ''));
  return { outcome, told: told.filter((text) => !prefix.test(text)), seen: seen.join('\n') };
}

function shipmentOf(rows: number): Shipment {
  const batch = { batch: '7', requests: 0, logs: rows, rejects: 0, closedAtMs: 0, firstTime: null, lastTime: null };
  const read = async function* () {
    yield Buffer.from(Array.from({ length: rows }, (_, n) => `{"n":${n}}\n`).join(''));
  };
  return { batches: [batch], read, divide: undivided };
}

/** `3:0,1,2` attempt and rows. */
const tellingWrite = `write({ rows, attempt }) { console.log(attempt + ':' + rows.map(({ n }) => n)); }`;

test.each([
  [
    'of.ts',
    'type T = { n: number };\nexport default { write({ rows }: { rows: T[] }) { console.log(rows[0]!.n as number); } };',
  ],
  ['of.mts', 'export default { write({ rows }: { rows: { n: number }[] }): void { console.log(rows[0]!.n); } };'],
  ['of.js', 'export default { write: async ({ rows }) => console.log(rows[0].n) };'],
  [
    'of.mjs',
    'export default new (class { write({ rows }) { this.tell(rows); } tell(rows) { console.log(rows[0].n); } })();',
  ],
  ['of.cjs', 'module.exports = { write({ rows }) { console.log(rows[0].n); } };'],
])('a module may be written in %s', async (name, code) => {
  const { outcome, seen } = await deliver(writeModule(name, code, name === 'of.js' ? 'module' : 'commonjs'));
  expect(outcome).toEqual([allTaken]);
  expect(seen).toBe('0');
});

test('a module of TypeScript may import others, with types, and gets its options, variables and life', async () => {
  const path = writeModule(
    'whole.ts',
    `import { line, type Line } from './line.ts';
     let prefix: string;
     export default {
       open({ options, signal }: { options: { prefix: string }; signal: AbortSignal }) {
         prefix = options.prefix;
         console.log(Object.keys(process.env).filter((name) => /SEEN|HIDDEN/.test(name)).sort(), signal.aborted);
       },
       write: ({ rows, ...call }: { rows: Line[] }) => console.log(prefix, line(rows), JSON.stringify(call)),
       close: () => console.log('closed'),
     };`,
  );
  writeFileSync(
    join(path, '../line.ts'),
    'export interface Line { n: number }\nexport const line = (rows: Line[]) => rows.length;',
  );
  for (const name of ['SEEN', 'ALSO_SEEN_1', 'HIDDEN', 'ALSO']) vi.stubEnv(name, 'x');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { seen } = await deliver(path, { options: { prefix: 'at' }, env: ['SEEN', 'ALSO_S*'] }, 4);
  expect(seen.split('\n')).toEqual([
    `[ 'ALSO_SEEN_1', 'SEEN' ] false`,
    expect.stringMatching(
      /^at 3 \{"table":"logs","id":"7-logs-[0-9a-f]{32}","batch":"7","part":1,"attempt":1,"signal":\{\}\}$/,
    ),
    expect.stringMatching(/^at 1 .*"part":2/),
    'closed',
  ]);
});

test.each([
  ['a.ts', 'export default { write(): void { enum A { B } } };', /loading it threw .*enum is not supported.*; correct/],
  ['a.ts', 'export default {', /loading it threw .*a\.ts:1.*; correct/],
  ['a.mjs', 'import "./gone.mjs"; export default { write() {} };', /loading it threw .*gone\.mjs.*; correct/],
  ['a.js', 'export default { write() {} };', /loading it threw .*'export'.*; give it the suffix \.mjs, or /],
  ['a.mjs', 'export const write = () => {};', /default export has no function write; write export default/],
  ['a.mjs', 'export default { write() {}, check: true };', /check of its default export is not a function; /],
  [
    'a.mjs',
    'export default { open() { throw new Error("no queue"); }, write() {} };',
    /open threw "no queue" \(a\.mjs:1\); /,
  ],
  ['a.mjs', 'export default { check() { return Promise.reject("no"); }, write() {} };', /check threw "no"; /],
  ['a.mjs', 'process.exit(4); export default { write() {} };', /its process ended with exit code 4; /],
])('the check tells what is wrong with %s: %s', async (name, code, problem) => {
  const path = writeModule(name, code);
  const [first, ...others] = await createModuleDestination(optionsOf(path, {})).check(signal);
  expect(first).toMatch(problem);
  expect(first?.startsWith(`cannot deliver to "${path}": `)).toBe(true);
  expect(others).toEqual([]);
});

test('rows that fail for now are written again alone, those that fail for good are the fault of their batch', async () => {
  const failing = (retry: string) =>
    writeModule(
      'a.mjs',
      `export default { ${tellingWrite.replace('; }', `; return attempt > 1 ? undefined : { failed: [${retry}] }; }`)} };`,
    );
  const again = await deliver(
    failing(`{ index: 2, reason: 'busy', retry: true }, { index: 0, reason: 'busy', retry: true }`),
  );
  expect([again.outcome, again.seen]).toEqual([[allTaken], '1:0,1,2\n2:0,2']);
  const refused = await deliver(failing(`{ index: 1, reason: 'too long' }, { index: 2, reason: 'busy', retry: true }`));
  expect(refused.outcome).toMatchObject({
    batch: '7',
    message: expect.stringMatching(/does not take a row, "too long"; see why/),
  });
});

const threw = /: write threw "TypeError: no" \(a\.mjs:[12]\); /;

test.each([
  ['throws', 'throw new TypeError("no");', threw, {}],
  ['ends its process', 'process.exit(3);', /ended with exit code 3; /, {}],
  ['never comes back', 'return new Promise(() => {});', /: write took longer than 0.2 s; /, { timeoutMs: 200 }],
  ['loops', 'for (;;);', /: write took longer than 0.2 s; /, { timeoutMs: 200 }],
  [
    'fills its heap',
    'const all = []; for (;;) all.push([all.length]);',
    /heap is full|used more than 134 MB; /,
    { maxMemory: 134e6 },
  ],
  [
    'fills its memory',
    'const all = []; for (;;) all.push(Buffer.alloc(1e6, 1));',
    /used more than 134 MB; /,
    { maxMemory: 134e6 },
  ],
  [
    'throws later',
    'setTimeout(() => { throw new Error("later"); }); return new Promise(() => {});',
    /the module threw "later" .*; /,
    {},
  ],
  [
    'returns the answer of a service',
    'return { FailedRecordCount: 1 };',
    /write returned an object without failed; return nothing/,
    {},
  ],
  [
    'names a row that is not there',
    'return { failed: [{ index: 3, reason: "" }] };',
    /a failed row with index 3; /,
    {},
  ],
])('what was given to a module that %s is given to it again', async (_, code, fault, options) => {
  const write = tellingWrite.replace('); }', `); if (attempt === 1) { ${code} } }`);
  const trial = await deliver(writeModule('a.mjs', `export default { ${write} };`), options);
  expect(trial.outcome).toEqual([allTaken]);
  expect(trial.told).toEqual([expect.stringMatching(fault)]);
  expect(trial.seen).toBe('1:0,1,2\n2:0,1,2');
});

test('rows that fail at each attempt are the fault of their batch', async () => {
  const write = tellingWrite.replace('); }', '); throw new TypeError("no"); }');
  const { outcome, seen } = await deliver(writeModule('a.mjs', `export default { ${write} };`));
  expect(outcome).toMatchObject({ batch: '7', message: expect.stringMatching(threw) });
  expect(seen).toBe('1:0,1,2\n2:0,1,2');
});

test('with a backup, what fails at each attempt or for good is kept there with its reason, and the rest is delivered', async () => {
  const code = `export default { write({ rows, part }) {
    if (part === 2) throw new TypeError("no");
    const reasons = [{ reason: 'busy', retry: true }, { reason: 'too long' }];
    return { failed: rows.flatMap(({ n }, index) => (reasons[n] ? [{ index, ...reasons[n] }] : [])) };
  } };`;
  const path = writeModule('a.mjs', code);
  const options = { type: 'folder' as const, path: join(path, '../kept') };
  const backup = () => createBackup(options, { failure: 'module-failed', destination: 'mine' }, options.path);
  const kept = async () => {
    const { outcome, told } = await deliver(path, { backup: backup() }, 7);
    const names = readdirSync(options.path, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('mine-7'),
    );
    const records = names.flatMap((name) => readFileSync(join(options.path, name), 'utf8').trimEnd().split('\n'));
    return { outcome, told, records: records.map((record) => JSON.parse(record)) };
  };
  await kept();
  const { outcome, told, records } = await kept();
  expect(outcome).toMatchObject([{ rows: 2, refused: 5, missing: 0, backupBytes: expect.any(Number) }]);
  expect(told).toContainEqual(
    expect.stringMatching(/: some rows are refused; they are kept in ".*kept" with the reasons$/),
  );
  const read = records.map(({ rawData, errorCode, errorMessage, attemptsMade }) => [
    ...[Buffer.from(rawData, 'base64').toString(), errorCode, errorMessage, attemptsMade],
  ]);
  const no = expect.stringMatching(threw);
  expect(read).toEqual([
    ['{"n":1}', 'Module.RowFailed', 'too long', 1],
    ['{"n":0}', 'Module.RowFailed', 'busy', 2],
    ...[3, 4, 5].map((n) => [`{"n":${n}}`, 'Module.CallFailed', no, 2]),
  ]);
});

test('when its check fails too, it is the module that takes nothing now, and not the fault of the batch', async () => {
  const code = 'export default { check() { throw new Error("away"); }, write() { throw new Error("no"); } };';
  const { outcome } = await deliver(writeModule('a.mjs', code));
  expect((outcome as Error).message).toMatch(/: check threw "away" /);
  expect(outcome).not.toHaveProperty('batch');
});

test('a write that does not see the signal ends with the destination', async () => {
  const path = writeModule('a.mjs', 'export default { write() { console.log("writing"); for (;;); } };');
  const destination = createModuleDestination(optionsOf(path, {}));
  const stopping = new AbortController();
  let hear = () => {};
  const writing = new Promise<void>((resolve) => {
    hear = resolve;
  });
  await destination.open(stopping.signal, () => hear());
  const shipping = destination.ship(shipmentOf(1), stopping.signal);
  await writing;
  stopping.abort(new Error('enough'));
  await expect(shipping).rejects.toThrow('enough');
  await destination.close();
});
