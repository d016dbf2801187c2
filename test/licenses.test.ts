import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { requireBuild } from './browser/built-program.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const lock = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
};

/** Imports of the console's sources with their dependencies: nothing else can be in the bundle. */
const imported = new Set(
  readdirSync(join(root, 'web/src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$/.test(file))
    .flatMap((file) => [...read(`web/src/${file}`).matchAll(/^import (?!type)[^;]*? from '([^.'][^']*)'/gm)])
    .map(([, name = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? '')
    // As in web/vite.config.ts.
    .map((name) => (name === 'react' ? 'preact' : name)),
);

function withDependencies(names: Iterable<string>, known = new Set<string>()): Set<string> {
  for (const name of names) {
    if (known.has(name)) continue;
    known.add(name);
    withDependencies(Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {}), known);
  }
  return known;
}

function packagesIn(licenses: string): string[] {
  return [...licenses.matchAll(/^={80}\n(\S+) (\S+) \((.+)\)\n\n--- /gm)].map(([, name = '']) => name);
}

test('the pages come with the licence of every package that is in them', () => {
  requireBuild();
  const licenses = read('dist/web/third-party-licenses.txt');
  const listed = packagesIn(licenses);
  expect(imported.size).toBeGreaterThan(1);
  expect(listed).toEqual(expect.arrayContaining([...imported]));
  expect([...withDependencies(imported)]).toEqual(expect.arrayContaining(listed));
  expect(licenses.match(/^Permission is hereby granted/gm)?.length).toBeGreaterThanOrEqual(1);

  // A report is passed on as a single file, and has less in it.
  const report = read('dist/web/report.html');
  const [, inReport = ''] = /<!--\n(The pages of Tailrace hold code of these packages\..*?)-->/s.exec(report) ?? [];
  const ofReport = packagesIn(inReport);
  expect(ofReport).toEqual(expect.arrayContaining(['preact']));
  expect(listed).toEqual(expect.arrayContaining(ofReport));
  expect(read('NOTICE')).toContain('dist/web/third-party-licenses.txt');
});

test('the program comes with the licence of every package that is in it', () => {
  requireBuild();
  const licenses = read('dist/program/third-party-licenses.txt');
  const listed = packagesIn(licenses);
  const { dependencies } = JSON.parse(read('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  expect(listed).toContain('zod');
  expect([...withDependencies(Object.keys(dependencies))]).toEqual(expect.arrayContaining(listed));
  expect(read('NOTICE')).toContain('dist/program/third-party-licenses.txt');
});

test('data of others that the package holds comes with its licence', () => {
  const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
  expect(files).toEqual(expect.arrayContaining(['NOTICE', 'LICENSE']));
  requireBuild();
  for (const folder of ['src/store/edge-locations', 'dist/store/edge-locations']) {
    expect(read(`${folder}/LICENSE`)).toMatch(/^MIT License\n\nCopyright \(c\) 2019 TobiLG/);
  }
});

test('NOTICE names every repository that a sample or a list was copied from, and the holder where the licence asks for it', () => {
  const notice = read('NOTICE');
  const readmes = ['src', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => /(?:testdata|formats\/logs\/[^/]+|corpora\/[^/]+)\/README\.md$/.test(file));
  expect(readmes.length).toBeGreaterThan(10);
  const rows = readmes.flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => line.startsWith('|')),
  );
  const copied = rows.flatMap((row) => {
    const [, repository] = /\[([\w.-]+\/[\w.-]+)\]\(https:\/\/github\.com\//.exec(row) ?? [];
    const license = /\| *(Apache-2\.0|MIT-0|MIT|BSD|CC0|MPL-2\.0)\b/.exec(row)?.[1];
    return repository ? [{ repository, license }] : [];
  });
  expect(copied.length).toBeGreaterThan(30);
  for (const { repository, license } of copied) {
    expect(license, repository).toBeDefined();
    const [, section = ''] = notice.split(new RegExp(`^- ${license}\\b`, 'm'));
    const [own = ''] = section.split(/^- |^$/m);
    expect(own, `${repository} under ${license}`).toContain(repository);
    if (license === 'MIT' || license === 'BSD') expect(own).toMatch(new RegExp(`${repository} \\(©`));
  }
});
