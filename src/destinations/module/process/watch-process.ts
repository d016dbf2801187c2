/**
 * A thread of the module's process that ends it when the program is gone or when it uses too much memory, whatever the code of
 * the user does on its own thread.
 */
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { moduleChannels } from '../messages.ts';

const everyMs = 250;
const { maxMemory } = workerData as { readonly maxMemory: number };

// It leads a group: what it has started ends too.
const end = () => process.kill(-process.pid, 'SIGKILL');
const life = new Socket({ fd: moduleChannels.life, readable: true, writable: true });
life.on('error', end).on('end', end).resume();
setInterval(() => {
  if (process.memoryUsage.rss() > maxMemory) life.write('memory', end);
}, everyMs);
parentPort?.postMessage('watching');
