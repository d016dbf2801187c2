/** The process of a module, started by `../module-process.ts`. */
import { once } from 'node:events';
import { register } from 'node:module';
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type ModuleStart, moduleChannels } from '../messages.ts';
import { serveCalls } from './serve-calls.ts';
import { ServedModule } from './served-module.ts';

const { path, maxMemory } = JSON.parse(process.argv[2] ?? '') as ModuleStart;
process.argv.splice(1, process.argv.length, path);

// Whoever stops all processes of a service sends these to this one too; the program decides when it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

// Before any code of the user, which may keep this thread for ever.
const watch = new Worker(new URL('./watch-process.js', import.meta.url), { workerData: { maxMemory } });
await once(watch, 'message');
register('./strip-types.js', import.meta.url);
serveCalls(new Socket({ fd: moduleChannels.calls, readable: true, writable: true }), new ServedModule(path));
