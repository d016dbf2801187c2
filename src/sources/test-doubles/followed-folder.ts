import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { createFilesSource } from '../files/files-source.ts';
import { MemorySink } from './memory-sink.ts';

export const patience = { timeout: patienceMs, interval: 20 };

/** An empty folder and an empty sink per test, and sources that follow the folder into the sink. */
export function setUpFollowedFolder() {
  let folder = '';
  let sink = new MemorySink();
  let stops: (() => Promise<void>)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tailrace-follow-'));
    sink = new MemorySink();
    stops = [];
  });

  afterEach(async () => {
    for (const stop of stops) await stop();
    expect(sink.repeated).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string) => join(folder, name);
  const numbers = () => sink.lines.map((line) => Number.parseInt(line, 10)).sort((one, other) => one - other);
  return {
    get folder() {
      return folder;
    },
    get sink() {
      return sink;
    },
    at,
    /** The numbers of {@link numbered} lines that are stored, in order. */
    numbers,
    expectNumbers: (count: number): Promise<void> => expect.poll(numbers, patience).toEqual(upTo(count)),
    start(paths = [at('*.log')], startFrom: 'beginning' | 'end' = 'beginning') {
      const source = createFilesSource({ pipeline: 'p', paths, startFrom, pollMs: 20 });
      const stopped = new AbortController();
      const running = source.run(sink, stopped.signal);
      const stop = async () => {
        stopped.abort();
        await running;
      };
      stops.push(stop);
      return { source, stop };
    },
  };
}

/** Distinct lines. */
export function numbered(from: number, until: number): string {
  return Array.from({ length: until - from }, (_, n) => `${from + n} of a log with lines of some length\n`).join('');
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** Time within which a failure would show. */
export function someTime(ms = 300): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
