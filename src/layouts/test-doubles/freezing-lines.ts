/** As Python writes it: a blank after colons and commas. */
const pairs = Array.from({ length: 10 }, (_, index) => `\\"k${index}\\": \\"v\\"`);
const frame = 'File \\"/app/views.py\\", line 12, in \\"get\\"\\n';

/** Ordinary lines, each of which kept JavaScript's own expressions busy for longer than anybody waits. */
export const freezingLines: readonly (readonly [what: string, line: string])[] = [
  ['JSON in JSON', `{"time": "2026-03-01T12:00:00Z", "level": "info", "msg": "{${pairs.join(', ')}}"}`],
  ['a traceback in JSON', `{"time": "2026-03-01T12:00:00Z", "error": "${frame.repeat(8)}"}`],
  [
    'TLS bytes as a request',
    `203.0.113.9 - - [01/Mar/2026:12:00:00 +0000] "${'\\x16\\x03\\x01'.repeat(40)}" 400 157 "-" "-"`,
  ],
];
