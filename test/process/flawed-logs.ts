import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Random } from '../../bench/traffic/random.ts';
import { writeLogs } from '../../bench/traffic/write-logs.ts';

/** Expected contents of a store for a file, known from writing it. */
export interface ExpectedFile {
  readonly path: string;
  readonly lines: number;
  readonly comments: number;
  /** The broken lines by their 1-based number. */
  readonly rejects: ReadonlyMap<number, string>;
}

export interface FlawedLogs {
  readonly folder: string;
  readonly files: readonly ExpectedFile[];
  /** Of all lines that are not broken. */
  readonly requestIds: readonly string[];
}

/** Each group has a column less than the one before, so that it is a layout, and therefore batches, of its own. */
const groups = 6;
const smallFileLines = 50;
const smallShare = 0.25;
const brokenShare = 0.004;

/**
 * Writes CloudFront standard logs in a mix of large and many small files of several layouts, gzipped and plain, with
 * broken lines in them. The same rows and seed give the same bytes.
 */
export async function writeFlawedLogs(folder: string, rows: number, seed: number): Promise<FlawedLogs> {
  const whole = join(folder, 'whole');
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const { files } = await writeLogs({ rows, directory: whole, layout: 'split', files: groups, seed, threads: 0 });
  const random = new Random(seed, 0xb20c);
  const expected: ExpectedFile[] = [];
  const requestIds: string[] = [];
  for (const [group, path] of files.entries()) {
    const [version = '', fields = '', ...lines] = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
    const header = [
      version,
      fields
        .split(' ')
        .slice(0, -group || undefined)
        .join(' '),
    ];
    const narrow = lines.map((line) =>
      line
        .split('\t')
        .slice(0, -group || undefined)
        .join('\t'),
    );
    for (const [index, part] of cutIntoFiles(narrow).entries()) {
      const written = breakSomeLines(part, random, header.length);
      requestIds.push(...written.requestIds);
      const content = `${[...header, ...written.lines].join('\n')}\n`;
      const plain = index % 7 === 3;
      const target = join(logs, `${basename(path, '.gz')}-${index}${plain ? '.log' : '.gz'}`);
      writeFileSync(target, plain ? content : gzipSync(content, { level: 1 }));
      const { rejects } = written;
      expected.push({ path: target, lines: header.length + part.length, comments: header.length, rejects });
    }
  }
  rmSync(whole, { recursive: true });
  return { folder: logs, files: expected, requestIds };
}

function cutIntoFiles(lines: readonly string[]): string[][] {
  const largeLines = Math.floor(lines.length * (1 - smallShare));
  const parts = [lines.slice(0, largeLines)];
  for (let start = largeLines; start < lines.length; start += smallFileLines) {
    parts.push(lines.slice(start, start + smallFileLines));
  }
  return parts;
}

function breakSomeLines(lines: readonly string[], random: Random, linesAbove: number) {
  const rejects = new Map<number, string>();
  const requestIds: string[] = [];
  const written = lines.map((line, index) => {
    if (!random.chance(brokenShare)) {
      requestIds.push(line.split('\t')[requestIdColumn] ?? '');
      return line;
    }
    const broken = breakLine(line, random);
    rejects.set(linesAbove + index + 1, broken);
    return broken;
  });
  return { lines: written, rejects, requestIds };
}

const requestIdColumn = 14;

/** As lines really break: truncated, joined with the next, overwritten, and with an invalid time. */
function breakLine(line: string, random: Random): string {
  switch (random.below(4)) {
    case 0:
      return line.slice(0, 20 + random.below(60));
    case 1:
      return `${line}\t${line}`;
    case 2:
      return `\0\u0001 not a log line ${random.int32()}`;
    default:
      return line.replace(/^\S+\t\S+/, '2026-13-45\t25:61:61');
  }
}
