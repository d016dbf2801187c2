import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ChunkJob, type ChunkResult, createChunkWorker } from './chunk-jobs.ts';
import type { TrafficPlan } from './traffic.ts';

/**
 * Yields the results in the order of the jobs, made by `threads` worker threads, or in this thread when that is 0.
 * At most two results per thread wait for the caller, so memory stays bounded when the disk is slow.
 */
export async function* runChunkJobs(
  plan: TrafficPlan,
  jobs: readonly ChunkJob[],
  threads: number,
): AsyncIterable<ChunkResult> {
  if (threads === 0) {
    const work = createChunkWorker(plan);
    for (const job of jobs) yield work(job);
    return;
  }
  const workers = Array.from(
    { length: Math.min(threads, jobs.length) },
    () => new Worker(new URL('./chunk-thread.mjs', import.meta.url), { workerData: plan }),
  );
  try {
    const waiting: Promise<ChunkResult>[] = [];
    const tails: Promise<unknown>[] = workers.map(() => Promise.resolve());
    for (const [number, job] of jobs.entries()) {
      const place = number % workers.length;
      const worker = workers[place] as Worker;
      const result = (tails[place] as Promise<unknown>).then(() => ask(worker, job));
      result.catch(() => {}); // reported where it is awaited
      tails[place] = result;
      waiting.push(result);
      if (waiting.length >= 2 * workers.length) yield await (waiting.shift() as Promise<ChunkResult>);
    }
    for (const result of waiting) yield await result;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function ask(worker: Worker, job: ChunkJob): Promise<ChunkResult> {
  const answer = once(worker, 'message'); // rejects when the worker emits 'error'
  worker.postMessage(job);
  const [result] = await answer;
  return result as ChunkResult;
}
