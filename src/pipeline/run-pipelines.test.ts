import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Delivery, Sink, Source } from '../sources/source.ts';
import { type PipelineDefinition, Pipelines } from './run-pipelines.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

vi.mock('node:timers/promises', async (load) =>
  (await import('./test-doubles/short-pauses.ts')).shortPauses(await load()),
);

/** A source that runs until it is stopped, and takes as long to stop as the test sets. */
class StubbornSource implements Source {
  readonly type = 'files';
  isRunning = false;
  end = () => {};
  readonly #ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  check = async () => [];
  status = () => ({ state: 'running' as const, retries: 0, parts: [] });

  async run(): Promise<void> {
    this.isRunning = true;
    await this.#ended;
    this.isRunning = false;
  }
}

function define(name: string, source: Source): PipelineDefinition {
  return { name, identity: name, createSource: () => source, readHints: async () => ({}) };
}

test('what a new configuration would start is not started once all are told to stop', async () => {
  const scratch = await ScratchStore.open();
  try {
    const pipelines = new Pipelines(scratch.store, { spoolDirectory: scratch.spoolDirectory });
    const [before, after] = [new StubbornSource(), new StubbornSource()];
    await pipelines.apply([define('before', before)]);
    await expect.poll(() => before.isRunning).toBe(true);
    const applying = pipelines.apply([define('after', after)]);
    const stopping = pipelines.stop();
    before.end();
    await Promise.all([applying, stopping]);
    await pipelines.apply([define('later', after)]);
    expect(pipelines.status()).toEqual([]);
    expect(after.isRunning).toBe(false);
    after.end();
  } finally {
    await scratch.close();
  }
});

test('two pipelines of one process do not read what only one may read', async () => {
  const scratch = await ScratchStore.open();
  const events: string[] = [];
  const onEvent = (pipeline: string, text: string) => void events.push(`${pipeline}: ${text}`);
  try {
    const pipelines = new Pipelines(scratch.store, { spoolDirectory: scratch.spoolDirectory, onEvent });
    const exclusive = () =>
      Object.assign(new StubbornSource(), { exclusiveInput: async () => 'kinesis://us-east-1/edge/' });
    const [one, other] = [exclusive(), exclusive()];
    await pipelines.apply([define('one', one), define('other', other)]);
    await expect
      .poll(() => events)
      .toEqual(['other: cannot read "kinesis://us-east-1/edge/": pipeline "one" reads it; remove one of the two']);
    expect([one.isRunning, other.isRunning]).toEqual([true, false]);
    one.end();
    other.end();
    await pipelines.stop();
  } finally {
    await scratch.close();
  }
});

test('a source that failed is created again, once what it left in flight is stored or given up', async () => {
  const scratch = await ScratchStore.open();
  try {
    const seen: { readonly source: number; readonly inFlight: number }[] = [];
    let inFlight = 0;
    const line = Buffer.from('{"level":"info","msg":"once"}\n');
    const delivery: Delivery = { origin: 'test:failing', version: '1', content: { kind: 'lines', chunks: [line] } };
    const createSource = (): Source => {
      const source = seen.length;
      return {
        type: 'test',
        check: async () => [],
        status: () => ({ state: 'running', retries: 0, parts: [] }),
        async run(sink: Sink, signal: AbortSignal) {
          seen.push({ source, inFlight });
          if (seen.length > 1) return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
          inFlight++;
          const storing = sink.store([delivery]).finally(() => inFlight--);
          storing.catch(() => {});
          throw new Error('needs manual action');
        },
      };
    };
    const pipelines = new Pipelines(scratch.store, { spoolDirectory: scratch.spoolDirectory });
    const definition = { name: 'failing', identity: '1', createSource, readHints: async () => ({}) };
    await pipelines.apply([definition]);
    await expect.poll(() => pipelines.status()[0]?.state).toBe('failed');
    await expect.poll(() => seen.length).toBe(2);
    expect(seen).toEqual([
      { source: 0, inFlight: 0 },
      { source: 1, inFlight: 0 },
    ]);
    await pipelines.stop();
    expect(readdirSync(join(scratch.spoolDirectory, 'failing'))).toEqual([]);
  } finally {
    await scratch.close();
  }
});
