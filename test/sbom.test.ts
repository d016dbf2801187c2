import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
}

test('the bill of materials is CycloneDX and names the engine and everything that this program depends on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-sbom-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'sbom.cdx.json');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/write-sbom.mjs', file], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

  const bill = JSON.parse(readFileSync(file, 'utf8'));
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: expect.stringMatching(/^1\.\d$/) });
  const { name, version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(bill.metadata.component).toMatchObject({ type: 'application', name, version });
  const components: readonly Component[] = bill.components;
  const chdb = JSON.parse(readFileSync(join(root, 'node_modules/chdb/package.json'), 'utf8'));
  expect(components).toContainEqual(
    expect.objectContaining({ name: 'chdb', version: chdb.version, purl: `pkg:npm/chdb@${chdb.version}` }),
  );
  const names = new Set(components.map((component) => component.name));
  expect(Object.keys(dependencies).filter((dependency) => !names.has(dependency))).toEqual([]);
});
