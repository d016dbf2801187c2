#!/usr/bin/env node
// The engine's work runs on libuv's threads, four unless the environment says otherwise when the first of them starts;
// within an ES module that is too late, so this small CommonJS file comes first.
process.env.UV_THREADPOOL_SIZE ??= '16';
void import('./main.js');
