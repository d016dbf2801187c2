import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePrivateStore } from './private-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-private-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rights = (path: string) => statSync(path).mode & 0o777;

it('makes a store for its owner alone', () => {
  const store = join(folder, 'a', 'b');
  expect(makePrivateStore(store)).toBeUndefined();
  for (const path of [join(folder, 'a'), store, join(store, 'clickhouse'), join(store, 'spool')]) {
    expect(rights(path)).toBe(0o700);
  }
});

it('closes a store that is open to others, and tells so once', () => {
  const store = join(folder, 'store');
  makePrivateStore(store);
  for (const name of ['lock', 'server.json', 'config.xml', 'users.xml']) writeFileSync(join(store, name), '');
  for (const mode of [0o755, 0o750, 0o701]) {
    chmodSync(store, mode);
    expect(makePrivateStore(store)).toMatch(/^the store ".*" was open to other users/);
    expect(rights(store)).toBe(0o700);
    expect(makePrivateStore(store)).toBeUndefined();
  }
});

it('leaves a folder alone that holds more than a store', () => {
  chmodSync(folder, 0o1777);
  writeFileSync(join(folder, 'of-somebody-else'), '');
  expect(makePrivateStore(folder)).toBeUndefined();
  expect(rights(folder)).toBe(0o777);
  expect(rights(join(folder, 'clickhouse'))).toBe(0o700);
});

it.skipIf(process.geteuid?.() !== 0)('says so when it may not close it (only the superuser can try that)', () => {
  const store = join(folder, 'store');
  makePrivateStore(store);
  chmodSync(folder, 0o755);
  chmodSync(store, 0o755);
  process.seteuid?.('nobody');
  try {
    expect(makePrivateStore(store)).toMatch(
      /^other users of this machine can read the store: ".*store" keeps its rights/,
    );
  } finally {
    process.seteuid?.(0);
  }
});
