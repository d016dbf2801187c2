import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './findings.ts';
import { currentLoad, type Machine } from './machine.ts';

export interface Results {
  readonly machine: Machine;
  readonly rows: number;
  readonly findings: readonly Finding[];
  /** Further facts of one kind of measurement. */
  readonly [detail: string]: unknown;
}

/** Writes `results/<time>-<name>.json`: what was measured, on which machine, and how loaded that was at the end. */
export async function saveResults(name: string, results: Results): Promise<void> {
  const directory = join(import.meta.dirname, 'results');
  await mkdir(directory, { recursive: true });
  const file = `${results.machine.date.slice(0, 16).replaceAll(/[:T]/g, '-')}-${name}.json`;
  await writeFile(join(directory, file), `${JSON.stringify({ ...results, loadAtEnd: currentLoad() }, null, 2)}\n`);
}
