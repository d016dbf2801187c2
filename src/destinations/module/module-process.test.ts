import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtProgram } from '../../engine/built-program.ts';
import { isRunning, processStart } from '../../engine/embedded/process-start.ts';

test('a module that loops, and what it has started, ends with a program that is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-module-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const module = `
    import { spawn } from 'node:child_process';
    import { renameSync, writeFileSync } from 'node:fs';
    export default {
      open() {
        const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
        writeFileSync('part', JSON.stringify([process.pid, pid]));
        renameSync('part', 'pids');
        for (;;);
      },
      write() {},
    };`;
  writeFileSync(join(folder, 'module.mjs'), module);
  const program = `
    import { ModuleProcess } from ${JSON.stringify(join(builtProgram, 'destinations/module/module-process.js'))};
    await ModuleProcess.start(
      { path: ${JSON.stringify(join(folder, 'module.mjs'))}, maxMemory: 512e6, timeoutMs: 600_000, environment: {}, options: {}, tell: console.error },
      new AbortController().signal,
    );`;
  const running = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  onTestFinished(() => void running.kill('SIGKILL'));
  const file = join(folder, 'pids');
  await expect.poll(() => existsSync(file)).toBe(true);
  const pids: number[] = JSON.parse(readFileSync(file, 'utf8'));
  const alive = () => pids.filter((pid) => isRunning(pid) && processStart(pid) !== '');
  expect(alive()).toEqual(pids);
  running.kill('SIGKILL');
  await expect.poll(alive).toEqual([]);
});
