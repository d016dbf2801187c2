import type { Random } from '../../bench/traffic/random.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { SampleFile } from './sample-files.ts';

const newline = Buffer.from('\n');

/**
 * About so many lines of a sample, of which some, most or all were changed, with ends of all kinds. Now and then lines of
 * another sample stand among them.
 */
export function fuzzedLines(sample: SampleFile, others: readonly SampleFile[], count: number, random: Random): Buffer {
  const changedShare = random.pick([0, 0.02, 0.2, 0.5, 1]);
  const foreignShare = random.pick([0, 0, 0, 0.05, 0.5]);
  const ends = random.chance(0.1) ? [newline, Buffer.from('\r\n'), Buffer.from('\n\n')] : [newline];
  const keepsOrder = random.chance(0.5);
  const parts: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const other = random.pick(random.pick(others).lines);
    const own = keepsOrder ? (sample.lines[index % sample.lines.length] as Buffer) : random.pick(sample.lines);
    const line = random.chance(foreignShare) ? other : own;
    parts.push(random.chance(changedShare) ? mutateBytes(line, random, other) : line, random.pick(ends));
  }
  if (random.chance(0.2)) parts.pop();
  return Buffer.concat(parts);
}
