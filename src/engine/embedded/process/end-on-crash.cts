const os: typeof import('node:os') = require('node:os');

const crashes = ['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT', 'SIGTRAP', 'SIGSYS'] as const;
const rlimitCore = 4;

/**
 * Lets a crash end this process, which is then restarted. The engine's own handlers wait for a thread that an embedded
 * engine does not have, so the crashed thread would hang forever with all its locks. No core file is written: it would
 * contain memory. Must be called after opening the engine, which installs its handlers then.
 */
function endOnCrash(): void {
  let koffi: typeof import('koffi');
  try {
    koffi = require('koffi');
  } catch {
    return; // Then there are no walls either, and the program has reported it.
  }
  const libc = koffi.load(null);
  const signal = libc.func('void *signal(int number, void *handler)');
  for (const name of crashes) signal(os.constants.signals[name], null); // SIG_DFL
  libc.func('int setrlimit(int resource, void *limits)')(rlimitCore, Buffer.alloc(16));
}

module.exports = { endOnCrash };
