import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseFiles } from './choose-files.ts';
import { changesColumns } from './mutated-file.ts';
import { StoreUnderTest } from './store-under-test.ts';

/** TAILRACE_MUTANTS takes all files instead of a few. */
const files = chooseFiles(Number(process.env.TAILRACE_MUTANTS ?? 0) > 0);

let store: StoreUnderTest;

beforeAll(async () => {
  store = await StoreUnderTest.open();
});

afterAll(() => store?.close());

test('a file gives the rows that it gives alone, whatever else is in its batch', async () => {
  const refused = new Map<string, string>();
  const add = (golden: (typeof files)[number], where: string) =>
    store.add(`${golden.name}.${where}`, golden, golden.lines);
  const storeAll = async () => {
    for (const [name, problem] of await store.store()) refused.set(name, problem);
  };
  for (const golden of files) {
    add(golden, 'alone');
    await storeAll();
  }
  for (const golden of files) {
    if (changesColumns(golden.lines)) add({ ...golden, lines: withLaterHeaders(golden.lines) }, 'mate');
    add(golden, 'together');
  }
  await storeAll();
  const stored = await store.stored();
  for (const { name } of files) {
    expect(refused.get(`${name}.together`), name).toBe(refused.get(`${name}.alone`));
    expect(stored.get(`${name}.together`), name).toEqual(stored.get(`${name}.alone`));
  }
  expect(stored.size).toBeGreaterThan(files.length);
}, 3_600_000);

/** The same columns, which change some lines later. */
function withLaterHeaders(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => /^\d{4}-/.test(line)) + 1;
  return lines.toSpliced(first, 0, ...Array<string>(4).fill(lines[first - 1] as string));
}
