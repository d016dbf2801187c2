import { writeFile } from 'node:fs/promises';
import { askServer } from '../../test/process/ask-server.ts';
import { peakResidentBytes } from '../process-measure.ts';
import { cpuSeconds, processTree } from '../process-tree.ts';
import { type StreamWorker, startWorker } from '../stream/worker.ts';
import { type BenchConfiguration, writeConfiguration } from './configuration.ts';
import type { RunningProgram } from './run-at-rate.ts';
import { until } from './until.ts';

interface WindowState {
  readonly name: string;
  readonly state: string;
  readonly problem: string | null;
  readonly counts: { readonly rows: number; readonly emissions: number };
}

/** `tailrace up` with or without the queries of the demo. */
export class WindowWorker implements RunningProgram {
  readonly #worker: StreamWorker;

  private constructor(worker: StreamWorker) {
    this.#worker = worker;
  }

  /** @param path of its configuration, which is written */
  static async start(path: string, configuration: BenchConfiguration): Promise<WindowWorker> {
    await writeFile(path, writeConfiguration(configuration));
    return new WindowWorker(await startWorker(path));
  }

  /** Of the program and its engine so far. */
  cpuSeconds(): number {
    return cpuSeconds(this.#worker.pid);
  }

  /** Sum of the largest resident sets of the program and its engine. */
  peakBytes(): number {
    return processTree(this.#worker.pid).reduce((sum, pid) => sum + peakResidentBytes(pid), 0);
  }

  ask<T>(sql: string): Promise<T[]> {
    return askServer<T>(this.#worker.url, sql);
  }

  /** Waits until so many rows are visible. */
  untilVisible(rows: number): Promise<void> {
    return until(`${rows} rows to be visible`, async () => {
      const [found] = await this.ask<{ rows: string }>('SELECT toString(count()) AS rows FROM requests');
      return Number(found?.rows) >= rows;
    });
  }

  /** Waits until every query has folded so many rows, and has emitted all windows of the stored rows. */
  async untilEmitted(rows: number): Promise<void> {
    const [found] = await this.ask<Record<'seconds' | 'minutes', string>>(
      'SELECT toString(uniqExact(toStartOfSecond(time))) AS seconds, toString(uniqExact(toStartOfMinute(time))) AS minutes FROM requests',
    );
    await until('all windows to be emitted', async () => {
      const answer = await fetch(`${this.#worker.url}/api/windows`);
      const { windows } = (await answer.json()) as { windows: WindowState[] };
      const problem = windows.find((one) => one.problem !== null);
      if (problem) throw new Error(`cannot measure ${problem.name}: ${problem.problem}`);
      return windows.every(
        ({ name, counts }) =>
          counts.rows >= rows && counts.emissions >= Number(name === 'top_talkers' ? found?.minutes : found?.seconds),
      );
    });
  }

  async newestWindowMs(): Promise<number> {
    const [found] = await this.ask<{ newest: string }>(
      'SELECT toString(toUnixTimestamp64Milli(max(window_end))) AS newest FROM windows_bytes_transferred',
    );
    return Number(found?.newest);
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }
}
