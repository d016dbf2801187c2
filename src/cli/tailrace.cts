#!/usr/bin/env node
// The engine's work runs on libuv's threads, four unless the environment says otherwise when the first of them starts;
// within an ES module that is too late, so this small CommonJS file comes first.
process.env.UV_THREADPOOL_SIZE ??= '16';
// Node 20 is supported on purpose; people who run a pipeline can do nothing with the SDK's advice for its authors.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
void import('./main.js');
