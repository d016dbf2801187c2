import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { describe, expect, it, onTestFinished } from 'vitest';
import { globsOverlap } from './globs-overlap.ts';

const overlapping: readonly (readonly [string, string])[] = [
  ['/var/log/app/*.log', '/var/log/*/error.log'],
  ['/var/log/**/*.log', '/var/log/app/x.log'],
  ['/var/log', '/var/log/app/*.log'],
  ['/var/log/app.log', '/var/log/app.log'],
  ['/var/log/{app,api}/*.log', '/var/log/api/a*'],
  ['/var/log/app[0-9].log', '/var/log/app7.log'],
  ['/var/log/a?c', '/var/log/*c'],
  ['/a/**', '/a/b/c/d'],
  ['/a/**/z', '/a/z'],
  ['/a/*b*', '/a/b'],
  ['/a/@(x|y).log', '/a/x.log'],
  ['/a/{1..3}.log', '/a/2.log'],
  ['/**/*.log', '/srv/*/logs/*.log'],
];

const apart: readonly (readonly [string, string])[] = [
  ['/var/log/app/*.log', '/var/log/api/*.log'],
  ['/var/log/*.log', '/var/log/*.gz'],
  ['/var/log/*.log', '/var/log/app/x.log'],
  ['/var/log/app', '/var/log/app2/*.log'],
  ['/var/log/{app,api}/*.log', '/var/log/web/*.log'],
  ['/var/log/app[0-9].log', '/var/log/appx.log'],
  ['/var/log/app[!0-9].log', '/var/log/app7.log'],
  ['/var/log/**/error.log', '/var/log/*-error.log'],
  ['/a/?', '/a/bc'],
  ['/a/b.log', '/a/b.log.1'],
];

describe('globs', () => {
  it.each(overlapping)('%s and %s may lead to one file', (one, other) => {
    expect([globsOverlap(one, other), globsOverlap(other, one)]).toEqual([true, true]);
  });

  it.each(apart)('%s and %s never do', (one, other) => {
    expect([globsOverlap(one, other), globsOverlap(other, one)]).toEqual([false, false]);
  });

  it('never says of two patterns that they are apart when the search finds a file by both', async () => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-globs-')));
    onTestFinished(() => rm(root, { recursive: true }));
    for (const folder of ['', 'a', 'ab', 'ba', 'a/b', 'b']) {
      await mkdir(join(root, folder), { recursive: true });
      for (const name of ['x', 'bx', 'a.b', 'xa']) await writeFile(join(root, folder, name), '');
    }
    const parts = ['a', 'x', '*', 'a*', '*b', '?', '**', '[ab]', '[!a]', '{a,ab}', '*.b', 'b?', '*x*', '@(a|xa)'];
    const patterns = parts.flatMap((one) => [one, ...parts.map((two) => `${one}/${two}`)]);
    const found = await Promise.all(patterns.map((pattern) => glob(pattern, { cwd: root, expandDirectories: false })));
    let overlaps = 0;
    for (const [index, pattern] of patterns.entries()) {
      for (const [place, other] of patterns.entries()) {
        if (!found[index]?.some((path) => found[place]?.includes(path))) continue;
        overlaps++;
        expect(globsOverlap(`/${pattern}`, `/${other}`), `${pattern} and ${other}`).toBe(true);
      }
    }
    expect(overlaps).toBeGreaterThan(1000);
  });
});
