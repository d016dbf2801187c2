import { expect, it } from 'vitest';
import { startProgram } from './program.ts';

const withFiles = (count: number) => ['sh', '-c', `ulimit -n ${count} && exec "$@"`, 'sh'];

it('says what to do where a process may open few files, before it fails in the middle', async () => {
  for (const count of [40, 128, 1000]) {
    const { code, stdout, stderr } = await startProgram(['version'], { wrapper: withFiles(count) }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`^tailrace: cannot start: a process may open ${count} files .* needs 1024; raise the limit [^\n]*\n$`),
    );
  }
  expect(await startProgram(['version'], { wrapper: withFiles(1024) }).ended).toMatchObject({ code: 0, stderr: '' });
});
