#!/usr/bin/env node
// Node 20 is supported on purpose; people who run a pipeline can do nothing with the SDK's advice for its authors.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// Each column of each part that is written or merged is a file; the modules of the program alone are more than a hundred.
const neededFiles = 1024;
const limit = openFilesLimit();
if (limit < neededFiles) {
  process.stderr.write(
    `tailrace: cannot start: a process may open ${limit} files at once here, and tailrace needs ${neededFiles}; ` +
      'raise the limit (ulimit -n 4096; LimitNOFILE= of systemd; --ulimit nofile= of Docker)\n',
  );
  process.exitCode = 1;
} else {
  // What the build bundles from main.ts.
  const program: string = '../program/main.js';
  void import(program);
}

/** Node has raised it as far as this user may. Its report takes 10 ms to make. */
function openFilesLimit(): number {
  try {
    const { readFileSync } = require('node:fs') as typeof import('node:fs');
    const [, soft] = /^Max open files +([0-9]+) /m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return Number(soft ?? Number.POSITIVE_INFINITY);
  } catch {
    return reportedLimit(); // Not Linux.
  }
}

function reportedLimit(): number {
  const { userLimits } = (process.report?.getReport() ?? {}) as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
