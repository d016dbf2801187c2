import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

const formats = [{ name: 'cloudfront-standard', fields: [] }] as const;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-config-'));
});
afterEach(() => rm(directory, { recursive: true }));

const load = (file?: string) =>
  loadConfig({ file, workingDirectory: directory, environment: {}, formats: async () => formats });

async function messageOf(file?: string): Promise<string> {
  const error: unknown = await load(file).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error('no ConfigError', { cause: error });
  expect(error.problems).toHaveLength(1);
  return error.message;
}

describe('loadConfig', () => {
  test('takes the defaults when no file was named and none is there', async () => {
    const { config, file } = await load();
    expect(file).toBeUndefined();
    expect(config.store).toEqual({ kind: 'embedded', path: join(directory, 'tailrace-data') });
  });

  test('starts relative paths at the folder of the file', async () => {
    await mkdir(join(directory, 'conf'));
    await writeFile(join(directory, 'conf', 'a.yaml'), '\uFEFFstore:\r\n  path: data\r\n');
    const { config, file } = await load('conf/a.yaml');
    expect(config.store).toEqual({ kind: 'embedded', path: join(directory, 'conf', 'data') });
    expect(file).toBe(join(directory, 'conf', 'a.yaml'));
  });

  test('names a file beside the missing one', async () => {
    await writeFile(join(directory, 'tailrace.yml'), '');
    const remedy = 'there is no such file; did you mean "tailrace.yml" beside it? rename it or name it';
    expect(await messageOf()).toBe(`tailrace.yaml: cannot read configuration "tailrace.yaml": ${remedy}`);
    expect(await messageOf('tailrcae.yaml')).toContain(remedy);
    expect(await messageOf('other.yaml')).toContain('there is no such file; check the path');
  });

  test('does not take a similar name for the file that nobody asked for', async () => {
    await writeFile(join(directory, 'tailrace2.yaml'), '');
    await expect(load()).resolves.toBeDefined();
  });

  test('refuses what is no configuration', async () => {
    await writeFile(join(directory, 'log.yaml'), Buffer.alloc(2 * 1024 * 1024, 'a'));
    await writeFile(join(directory, 'utf16.yaml'), Buffer.from('\uFEFFserver:', 'utf16le'));
    expect(await messageOf('log.yaml')).toContain('it is larger than 128KiB; name a configuration file, not a log');
    expect(await messageOf('utf16.yaml')).toContain('it is not UTF-8 text; save it as UTF-8');
    expect(await messageOf('.')).toContain('it is a directory; name the file in it, for example tailrace.yaml');
  });

  test('says that a file may not be read', async () => {
    await writeFile(join(directory, 'tailrace.yaml'), '');
    await chmod(join(directory, 'tailrace.yaml'), 0);
    // The superuser may read everything; for this test it steps down.
    const isSuperuser = process.geteuid?.() === 0;
    if (isSuperuser) process.seteuid?.('nobody');
    try {
      expect(await messageOf()).toContain('this user may not read it; change its owner or its mode (chmod)');
    } finally {
      if (isSuperuser) process.seteuid?.(0);
    }
  });
});
