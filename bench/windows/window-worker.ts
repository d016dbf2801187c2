import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { askServer } from '../../test/process/ask-server.ts';
import { peakResidentBytes } from '../process-measure.ts';
import { cpuSeconds, processTree } from '../process-tree.ts';
import { type StreamWorker, startWorker } from '../stream/worker.ts';
import { type BenchConfiguration, writeConfiguration } from './configuration.ts';

const pollMs = 200;
const longestMs = 1_800_000;

interface WindowState {
  readonly name: string;
  readonly state: string;
  readonly problem: string | null;
  readonly counts: { readonly rows: number; readonly emissions: number };
}

/** `tailrace up` with or without the queries of the demo. */
export class WindowWorker {
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

  stop(): Promise<void> {
    return this.#worker.stop();
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + longestMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await sleep(pollMs);
  }
}
