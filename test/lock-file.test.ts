import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry>>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

/**
 * The registry that wrote the lock file does not have them. Without `integrity` npm does not check what it downloads:
 * where `npm view <package>@<version> dist.integrity` answers, add it and remove the entry here.
 */
const unknownIntegrity = ['@chdb/lib-darwin-arm64', '@chdb/lib-darwin-x64', '@chdb/lib-linux-arm64-gnu'];

test('every package of the lock file has the digest that npm checks, but for the ones named here', () => {
  const without = packages.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''));
  expect(without.map(([path]) => path.replace(/^node_modules\//, ''))).toEqual(unknownIntegrity);
});

test('no package of the lock file is bound to one registry', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
