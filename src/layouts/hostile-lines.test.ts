import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { detectLayout } from './detect-layout.ts';
import { detectLogLayout } from './logs/detect-log-layout.ts';
import { freezingLines } from './test-doubles/freezing-lines.ts';

const hostile = [...freezingLines, ['a quote that nothing closes', `"${'\\'.repeat(4000)}`]] as const;

test.each(hostile)('%s keeps nobody waiting', (_, line) => {
  const lines = Array.from({ length: 100 }, () => line);
  const detect = () => detectLayout(lines) ?? detectLogLayout(lines);
  // A regression takes minutes; the limit allows for a busy machine.
  expect(() => runInNewContext('detect()', { detect }, { timeout: 20_000 })).not.toThrow();
});
