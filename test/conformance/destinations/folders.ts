import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ShippedTable, shippedTables } from '../../../src/destinations/destination.ts';
import { readShippedRows } from '../../shipped-rows.ts';
import type { DestinationUnderTest, PlaceUnderTest } from '../destination-under-test.ts';

/** Plain files of all tables, and compressed ones of the usual tables. */
export const folders: readonly DestinationUnderTest[] = [
  folder('folder', 'none', shippedTables),
  folder('folder, compressed', 'gzip', ['requests', 'logs']),
];

function folder(name: string, compression: string, tables: readonly ShippedTable[]): DestinationUnderTest {
  return {
    name,
    kind: 'folder',
    tables,
    visible: 'batches',
    exceptions: {
      'abort while the place is silent': 'a file system answers',
      forbidden: 'tests may run as root, who may write everywhere',
      ...(compression === 'none' ? {} : { kill: 'the same as of plain files' }),
    },
    openPlace: async (scratch) => openFolder(join(scratch, 'out'), compression, tables),
  };
}

function openFolder(path: string, compression: string, tables: readonly ShippedTable[]): PlaceUnderTest {
  mkdirSync(path);
  const aside = `${path}.aside`;
  const names = (recursive: boolean) => (existsSync(path) ? readdirSync(path, { recursive, encoding: 'utf8' }) : []);
  return {
    section: { type: 'folder', path, compression, tables },
    rows: async () => tables.flatMap((table) => readShippedRows(path, table).map((values) => ({ table, values }))),
    traces: async () => names(true),
    away: async () => {
      renameSync(path, aside);
      writeFileSync(path, 'not a folder');
    },
    back: async () => {
      rmSync(path);
      renameSync(aside, path);
    },
    moment: async (number, signal) => {
      const isSign = (name: string) => name.includes('ndjson') && name.startsWith('.partial') === (number % 2 === 0);
      const seen = new Set(names(true));
      while (!signal.aborted && !names(true).some((name) => !seen.has(name) && isSign(name))) await pause(3);
    },
  };
}
