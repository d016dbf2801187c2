import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { detectLayout } from './detect-layout.ts';
import { detectLogLayout } from './logs/detect-log-layout.ts';

/** As Python writes it: a blank behind colons and commas. */
const pairs = Array.from({ length: 10 }, (_, index) => `\\"k${index}\\": \\"v\\"`);
const frame = 'File \\"/app/views.py\\", line 12, in \\"get\\"\\n';

/** Each of them kept JavaScript's own expressions busy for longer than anybody waits. */
const hostile: readonly (readonly [what: string, line: string])[] = [
  ['JSON in JSON', `{"time": "2026-03-01T12:00:00Z", "level": "info", "msg": "{${pairs.join(', ')}}"}`],
  ['a traceback in JSON', `{"time": "2026-03-01T12:00:00Z", "error": "${frame.repeat(8)}"}`],
  [
    'TLS bytes as a request',
    `203.0.113.9 - - [01/Mar/2026:12:00:00 +0000] "${'\\x16\\x03\\x01'.repeat(40)}" 400 157 0.001 "-" "-"`,
  ],
  ['a quote that nothing closes', `"${'\\'.repeat(4000)}`],
];

test.each(hostile)('%s keeps nobody waiting', (_, line) => {
  const lines = Array.from({ length: 100 }, () => line);
  const detect = () => detectLayout(lines) ?? detectLogLayout(lines);
  // Minutes and more where it goes wrong; the longest that may be, on a machine that is busy with other things.
  expect(() => runInNewContext('detect()', { detect }, { timeout: 20_000 })).not.toThrow();
});
