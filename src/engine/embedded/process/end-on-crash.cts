const os: typeof import('node:os') = require('node:os');

const crashes = ['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT', 'SIGTRAP', 'SIGSYS'] as const;
const rlimitCore = 4;

/**
 * Lets a crash end this process, which is started again. The engine's own handlers wait for a thread that an embedded
 * engine does not have, so that the crashed thread would sleep for ever with all its locks. No core file is written: it would
 * hold what is in memory. Must be called after the engine was opened, which is when it puts its handlers in place.
 */
function endOnCrash(): void {
  let koffi: typeof import('koffi');
  try {
    koffi = require('koffi');
  } catch {
    return; // There are no walls then either, and the program has said so.
  }
  const libc = koffi.load(null);
  const signal = libc.func('void *signal(int number, void *handler)');
  for (const name of crashes) signal(os.constants.signals[name], null); // SIG_DFL
  libc.func('int setrlimit(int resource, void *limits)')(rlimitCore, Buffer.alloc(16));
}

module.exports = { endOnCrash };
