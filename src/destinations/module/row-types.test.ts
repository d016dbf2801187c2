import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWaiting } from '../../ledger/shipments.ts';
import { ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { deliveredColumns } from '../delivered-columns.ts';
import { type ShippedTable, shippedTables } from '../destination.ts';
import { readRows } from '../read-rows.ts';

const file = join(import.meta.dirname, 'row-types.ts');

interface StoredColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

test('row-types.ts has the columns of the store; UPDATE_GOLDEN=1 writes it', async () => {
  const texts = await Promise.all(shippedTables.map(async (table) => interfaceOf(table, await columnsOf(table))));
  const expected = `/** Written by row-types.test.ts from the tables of the store. Times are ISO 8601 in UTC. */\n\n${texts.join('\n')}`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, expected);
  expect(readFileSync(file, 'utf8')).toBe(expected);
});

test('delivered rows have values of these types', async () => {
  const access =
    '#Fields: date time c-ip sc-status c-port time-taken\n2026-03-01\t10:00:07\t203.0.113.7\t200\t-\t0.5\n';
  const contents = [`${access}2026-03-01\tno line of that format\n`, '{"time":1772359207000,"msg":"one","n":1}\n'];
  for (const [index, text] of contents.entries()) {
    const content = { kind: 'lines' as const, chunks: [Buffer.from(text)] };
    await scratch.openSink().store([{ origin: `s3://logs/${index}`, version: '1', content }]);
  }
  const { engine } = scratch.store;
  const shipper = { engine, destination: 'nobody', pipelines: undefined, worker: '' };
  const { batches } = await readWaiting(shipper, { sequence: 0, position: '0', open: [] }, 10);
  for (const table of shippedTables) {
    const types = Object.fromEntries((await columnsOf(table)).map(({ name, type }) => [name, typeIn(name, type)]));
    const batch = batches.find((candidate) => candidate[table] > 0);
    if (!batch) throw new Error(`no batch has ${table}`);
    let text = '';
    for await (const piece of readRows(engine, batch, { table }, {}, new AbortController().signal))
      text += Buffer.from(piece).toString();
    const [row] = text.split('\n').map((line) => (line === '' ? {} : JSON.parse(line)));
    const names = Object.keys(row);
    expect(names).toEqual(deliveredColumns[table]);
    expect(names.filter((name) => !types[name]?.split(' | ').includes(typeOf(row[name])))).toEqual([]);
  }
});

async function columnsOf(table: ShippedTable): Promise<readonly StoredColumn[]> {
  const columns = await scratch.store.engine.rows<StoredColumn>({
    sql: `SELECT name, type, comment FROM system.columns WHERE database = currentDatabase() AND table = {table:String}`,
    params: { table },
  });
  return deliveredColumns[table].flatMap((name) => columns.find((column) => column.name === name) ?? []);
}

const names: Readonly<Record<ShippedTable, string>> = { requests: 'RequestRow', logs: 'LogRow', rejects: 'RejectRow' };

function interfaceOf(table: ShippedTable, columns: readonly StoredColumn[]): string {
  const fields = columns.flatMap(({ name, type, comment }) => [
    `  /** ${comment.replace(/(?<!…)$/, '.')} */`,
    `  readonly ${name}: ${typeIn(name, type)};`,
  ]);
  return `export interface ${names[table]} {\n${fields.join('\n')}\n}\n`;
}

/** Of a value in JSON, in TypeScript. */
function typeIn(name: string, type: string): string {
  const [, nullable] = /^Nullable\((.*)\)$/.exec(type) ?? [];
  if (nullable !== undefined) return `${typeIn(name, nullable)} | null`;
  if (type.startsWith('Map')) return 'Readonly<Record<string, string>>';
  // As text, because many programs read JSON's numbers as doubles.
  if (name !== 'batch' && /^U?Int|^Float/.test(type)) return 'number';
  return type === 'Bool' ? 'boolean' : 'string';
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? 'Readonly<Record<string, string>>' : typeof value;
}
