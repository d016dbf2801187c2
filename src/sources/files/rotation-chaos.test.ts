import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Delivery, Receipt, Sink } from '../source.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { createFilesSource } from './files-source.ts';

const seeds = Number(process.env.TAILRACE_ROTATION_SEEDS ?? 6);
const steps = 60;
const kept = 6;

test.each(Array.from({ length: seeds }, (_, seed) => seed))(
  'whatever becomes of files and of the process, each line is stored once (seed %i)',
  async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), 'tailrace-rotation-'));
    try {
      const random = randomNumbers(seed);
      const sink = new MemorySink();
      const log = new RotatedLog(join(folder, 'a.log'), random);
      let worker = new Worker(join(folder, '*'), sink);
      for (let step = 0; step < steps; step++) {
        const choice = random();
        if (choice < 0.45) log.append();
        else if (choice < 0.6) log.rename();
        else if (choice < 0.75) log.copyAndCut();
        else if (choice < 0.8) log.compress();
        else if (choice < 0.9) await pause(random() * 60);
        else {
          await worker.kill(random() < 0.5);
          // What happens between two scans.
          for (const action of [() => log.append(), () => log.rename(), () => log.copyAndCut()]) {
            if (random() < 0.5) action();
          }
          worker = new Worker(join(folder, '*'), sink);
        }
        await pause(random() < 0.7 ? 0 : 30);
      }
      log.end();
      const sorted = () => [...sink.lines].sort();
      await expect.poll(() => sink.lines.length).toBeGreaterThanOrEqual(log.lines.length);
      await pause(3000);
      expect(sorted()).toEqual([...log.lines].sort());
      expect(sink.repeated).toEqual([]);
      await worker.kill(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/** A program with its log, and the rotation of it. */
class RotatedLog {
  readonly lines: string[] = [];
  readonly #path: string;
  readonly #random: () => number;
  #isMidLine = false;

  constructor(path: string, random: () => number) {
    this.#path = path;
    this.#random = random;
    writeFileSync(path, '');
  }

  append(): void {
    const count = 1 + Math.floor(this.#random() * 40);
    for (let n = 0; n < count; n++) {
      this.end();
      this.lines.push(`${this.lines.length} ${'x'.repeat(this.#random() * 60)}`);
      const line = this.lines.at(-1) as string;
      appendFileSync(this.#path, line.slice(0, 3));
      appendFileSync(this.#path, line.slice(3));
      this.#isMidLine = true;
    }
    if (this.#random() < 0.8) this.end();
  }

  end(): void {
    if (this.#isMidLine) appendFileSync(this.#path, '\n');
    this.#isMidLine = false;
  }

  rename(): void {
    this.end();
    this.#shift();
    renameSync(this.#path, `${this.#path}.1`);
    writeFileSync(this.#path, '');
  }

  copyAndCut(): void {
    this.end();
    this.#shift();
    copyFileSync(this.#path, `${this.#path}.1`);
    truncateSync(this.#path);
  }

  compress(): void {
    const path = `${this.#path}.2`;
    if (!existsSync(path)) return;
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    rmSync(path);
  }

  #shift(): void {
    for (let number = kept + steps; number > 0; number--) {
      for (const end of ['', '.gz']) {
        const path = `${this.#path}.${number}${end}`;
        if (existsSync(path)) renameSync(path, `${this.#path}.${number + 1}${end}`);
      }
    }
  }
}

/** A process that follows the files, until it is killed. */
class Worker {
  readonly #stopped = new AbortController();
  readonly #sink: DyingSink;
  readonly #running: Promise<void>;

  constructor(pattern: string, ledger: MemorySink) {
    this.#sink = new DyingSink(ledger, this.#stopped.signal);
    const source = createFilesSource({ pipeline: 'p', paths: [pattern], startFrom: 'beginning', pollMs: 10 });
    this.#running = source.run(this.#sink, this.#stopped.signal);
  }

  /** @param afterStoring whether deliveries in flight are still stored, unknown to the process */
  async kill(afterStoring: boolean): Promise<void> {
    this.#sink.die(afterStoring);
    this.#stopped.abort();
    await this.#running;
  }
}

class DyingSink implements Sink {
  readonly #ledger: MemorySink;
  readonly #signal: AbortSignal;
  #death: 'before storing' | 'after storing' | undefined;

  constructor(ledger: MemorySink, signal: AbortSignal) {
    this.#ledger = ledger;
    this.#signal = signal;
  }

  die(afterStoring: boolean): void {
    this.#death = afterStoring ? 'after storing' : 'before storing';
  }

  async store(deliveries: readonly Delivery[]): Promise<readonly Receipt[]> {
    await pause(5);
    const receipts = this.#death === 'before storing' ? [] : await this.#ledger.store(deliveries);
    if (this.#death) throw this.#signal.reason;
    return receipts;
  }

  lastStored(prefix: string) {
    return this.#ledger.lastStored(prefix);
  }
  versionsOf(origins: readonly string[]) {
    return this.#ledger.versionsOf(origins);
  }
  async unfinished() {
    return [];
  }
  async settle() {}
  pressure() {
    return { waitingBytes: 0, full: false };
  }
}

function randomNumbers(seed: number): () => number {
  let state = seed * 7919 + 17;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
