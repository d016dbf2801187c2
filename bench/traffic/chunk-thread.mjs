// Entry point of a worker thread. Node 20 gives a thread no TypeScript loader, so this file, plain JavaScript, brings it.
import { parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { createChunkWorker } = await import('./chunk-jobs.ts');
const work = createChunkWorker(workerData);
parentPort.on('message', (job) => {
  const result = work(job);
  const compressed = result.part?.deflated;
  // An own buffer is handed over; a slice of a shared pool has to be copied.
  const whole = compressed !== undefined && compressed.byteLength === compressed.buffer.byteLength;
  parentPort.postMessage(result, whole ? [compressed.buffer] : []);
});
