/**
 * Operating system walls around the engine's process (Linux): Landlock lets it open only the given paths, and
 * seccomp denies the system calls that reach a network, start a program or inspect another process.
 * They hold whatever SQL makes the engine do. Both bind threads started later, so they must be built before the
 * first thread of libuv's pool starts: hence CommonJS, which loads without one.
 *
 * @see https://docs.kernel.org/userspace-api/landlock.html
 * @see https://man7.org/linux/man-pages/man2/seccomp.2.html
 */
import type { LibraryHandle } from 'koffi';
import type { OpenPaths } from '../engine-messages.ts';

const fs: typeof import('node:fs') = require('node:fs');

type Syscall = (number: number, ...typesAndValues: unknown[]) => number;

/** @returns what could not be built, and why; empty if every wall was built */
function buildWalls(paths: OpenPaths): string[] {
  if (process.platform !== 'linux') return [`there are none for ${process.platform}`];
  const numbers = syscallNumbers[process.arch];
  if (numbers === undefined) return [`there are none for ${process.arch}`];
  let koffi: typeof import('koffi');
  try {
    koffi = require('koffi');
  } catch (cause) {
    return [`koffi cannot be loaded (${String(cause)})`];
  }
  const libc = koffi.load(null);
  const syscall = libc.func('long syscall(long number, ...)') as unknown as Syscall;
  const missing: string[] = [];
  const prctl = prctlOf(libc);
  if (prctl(prSetNoNewPrivs, 1, 0, 0, 0) !== 0) missing.push(`no_new_privs (errno ${koffi.errno()})`);
  const landlock = restrictPaths(syscall, paths);
  if (landlock !== '') missing.push(`Landlock: ${landlock} (errno ${koffi.errno()})`);
  if (denySyscalls(syscall, (bytes) => koffi.address(bytes), numbers) !== 0) {
    missing.push(`seccomp (errno ${koffi.errno()})`);
  }
  return missing;
}

/** The kernel ends this process when the one that started it ends. */
function endWithParent(): void {
  if (process.platform !== 'linux') return;
  try {
    const koffi: typeof import('koffi') = require('koffi');
    prctlOf(koffi.load(null))(prSetPdeathsig, 9, 0, 0, 0);
  } catch {
    // The closed channel to the parent also ends it, only later.
  }
}

type Prctl = (option: number, a: number, b: number, c: number, d: number) => number;

function prctlOf(libc: LibraryHandle): Prctl {
  return libc.func(
    'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
  ) as never;
}

const prSetPdeathsig = 1;
const prSetNoNewPrivs = 38;

// Landlock. Rights are bits; later versions of the interface have more of them.
const landlockCreateRuleset = 444;
const landlockAddRule = 445;
const landlockRestrictSelf = 446;
const openPath = 0x200000; // O_PATH
const rights = { execute: 1n, writeFile: 1n << 1n, readFile: 1n << 2n, readDir: 1n << 3n, truncate: 1n << 14n };
const rightsOfFiles = rights.execute | rights.writeFile | rights.readFile | rights.truncate;

/** Number of file rights by version of the interface (ABI): https://docs.kernel.org/userspace-api/landlock.html#previous-limitations */
function handledRights(abi: number): bigint {
  const count = abi >= 5 ? 16n : abi >= 3 ? 15n : abi === 2 ? 14n : 13n;
  return (1n << count) - 1n;
}

/** @returns what failed, or an empty text */
function restrictPaths(syscall: Syscall, { read, write }: OpenPaths): string {
  const abi = Number(syscall(landlockCreateRuleset, 'void *', null, 'size_t', 0, 'uint32', 1));
  if (abi < 1) return 'the kernel has it not, or it is switched off';
  const all = handledRights(abi);
  // struct landlock_ruleset_attr: file rights, TCP rights (ABI 4), scopes: abstract sockets and signals (ABI 6).
  const attributes = Buffer.alloc(24);
  attributes.writeBigUInt64LE(all, 0);
  if (abi >= 4) attributes.writeBigUInt64LE(3n, 8);
  if (abi >= 6) attributes.writeBigUInt64LE(3n, 16);
  const size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  const ruleset = Number(syscall(landlockCreateRuleset, 'void *', attributes, 'size_t', size, 'uint32', 0));
  if (ruleset < 0) return 'the rules cannot be made';
  try {
    for (const path of read) if (!allowPath(syscall, ruleset, path, rights.readFile | rights.readDir)) return path;
    for (const path of write) if (!allowPath(syscall, ruleset, path, all)) return path;
    return Number(syscall(landlockRestrictSelf, 'int', ruleset, 'uint32', 0)) === 0
      ? ''
      : 'the rules cannot be applied';
  } finally {
    fs.closeSync(ruleset);
  }
}

function allowPath(syscall: Syscall, ruleset: number, path: string, allowed: bigint): boolean {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, openPath);
  } catch {
    return true; // A missing path needs no rule.
  }
  try {
    // struct landlock_path_beneath_attr, packed: rights, descriptor.
    const rule = Buffer.alloc(12);
    rule.writeBigUInt64LE(fs.fstatSync(descriptor).isDirectory() ? allowed : allowed & rightsOfFiles, 0);
    rule.writeInt32LE(descriptor, 8);
    return Number(syscall(landlockAddRule, 'int', ruleset, 'int', 1, 'void *', rule, 'uint32', 0)) === 0;
  } finally {
    fs.closeSync(descriptor);
  }
}

// seccomp: a filter in classic BPF over { int nr; u32 arch; … }.
const setModeFilter = 1;
const synchronizeThreads = 1;
const loadWord = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const answer = 0x06;
const allow = 0x7fff0000;
const denyAsNotPermitted = 0x00050000 | 1; // EPERM
const x32Calls = 0x40000000;

interface SyscallNumbers {
  readonly seccomp: number;
  /** AUDIT_ARCH_… */
  readonly architecture: number;
  readonly denied: Readonly<Record<string, number>>;
}

/** Numbers from https://man7.org/linux/man-pages/man2/syscalls.2.html, x86_64 and the generic table of arm64. */
const syscallNumbers: Partial<Record<string, SyscallNumbers>> = {
  x64: {
    seccomp: 317,
    architecture: 0xc000003e,
    denied: {
      socket: 41,
      connect: 42,
      bind: 49,
      listen: 50,
      execve: 59,
      ptrace: 101,
      mount: 165,
      keyctl: 250,
      unshare: 272,
      perf_event_open: 298,
      setns: 308,
      process_vm_readv: 310,
      process_vm_writev: 311,
      bpf: 321,
      execveat: 322,
      userfaultfd: 323,
      io_uring_setup: 425,
    },
  },
  arm64: {
    seccomp: 277,
    architecture: 0xc00000b7,
    denied: {
      mount: 40,
      unshare: 97,
      ptrace: 117,
      socket: 198,
      bind: 200,
      listen: 201,
      connect: 203,
      keyctl: 219,
      execve: 221,
      perf_event_open: 241,
      setns: 268,
      process_vm_readv: 270,
      process_vm_writev: 271,
      bpf: 280,
      execveat: 281,
      userfaultfd: 282,
      io_uring_setup: 425,
    },
  },
};

function denySyscalls(syscall: Syscall, addressOf: (bytes: Buffer) => bigint, numbers: SyscallNumbers): number {
  const steps = [
    instruction(loadWord, 0, 0, 4),
    instruction(jumpIfEqual, 1, 0, numbers.architecture),
    instruction(answer, 0, 0, denyAsNotPermitted),
    instruction(loadWord, 0, 0, 0),
    instruction(jumpIfAtLeast, 0, 1, x32Calls),
    instruction(answer, 0, 0, denyAsNotPermitted),
    ...Object.values(numbers.denied).flatMap((number) => [
      instruction(jumpIfEqual, 0, 1, number),
      instruction(answer, 0, 0, denyAsNotPermitted),
    ]),
    instruction(answer, 0, 0, allow),
  ];
  const filter = Buffer.concat(steps);
  // struct sock_fprog: length, padding, address.
  const program = Buffer.alloc(16);
  program.writeUInt16LE(steps.length, 0);
  program.writeBigUInt64LE(addressOf(filter), 8);
  return Number(
    syscall(numbers.seccomp, 'unsigned int', setModeFilter, 'unsigned int', synchronizeThreads, 'void *', program),
  );
}

/** struct sock_filter: code, jump when true, jump when false, value. */
function instruction(code: number, whenTrue: number, whenFalse: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}

module.exports = { buildWalls, endWithParent };
