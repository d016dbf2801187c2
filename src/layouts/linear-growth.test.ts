import { describe, expect, test } from 'vitest';
import { formats } from '../formats/catalog.ts';
import { detectLayout } from './detect-layout.ts';
import { findDelimiter } from './find-delimiter.ts';
import { sampleEvents } from './logs/cloudwatch-events.ts';
import { detectLogLayout } from './logs/detect-log-layout.ts';
import { openInput } from './opening/open-input.ts';
import { separateObjects } from './opening/open-sample.ts';
import { sampleList } from './sample-list.ts';

/** Texts of any length that make a step scan the same bytes repeatedly. */
const texts: Readonly<Record<string, (length: number) => string>> = {
  ...Object.fromEntries(
    [
      '"',
      '\\',
      '{',
      '}{',
      '{"a":',
      '[',
      ' ',
      '- ',
      '\t',
      ',',
      ';|',
      '=',
      'a=1 ',
      '}{"a":',
      '}{"a" ',
      '1.1.1.1, ',
      '2001:db8::1 ',
    ]
      .concat([
        '\\x16\\x03',
        '\\"',
        '"a" ',
        '"a":1,',
        '\ufffd',
        'a',
        '0',
        '#Fields: ',
        '{"Records":[{',
        '[01/Mar/2026:10:00:00 +0000] ',
      ])
      .concat([
        '"logEvents":[{"message":"',
        ': ',
        '<13>',
        '2026-03-01T10:00:00Z ',
        'GET /?a=b&c=d HTTP/1.1" 200 ',
        '\u001b[0m',
        'x | ',
      ])
      .map((piece) => [piece, (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)]),
  ),
  'no two delimiters alike': (length) => {
    let state = 1;
    const next = () => (state = (state * 48271) % 2147483647);
    return Array.from({ length }, () => '.,:;|!?*+-~^<>()[]#@$%&_='[next() % 25]).join('');
  },
  'many keys': (length) => `{${Array.from({ length: Math.ceil(length / 12) }, (_, n) => `"k${n}": ${n}`).join(', ')}}`,
  'an envelope': (length) =>
    `{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[${'{"id":"1","timestamp":1,"message":"m"},'.repeat(length / 39)}{}]}`,
};

const standard = formats.find(({ name }) => name === 'cloudfront-standard');
const columns = ['date', 'time', 'c-ip'];
const fields = (standard?.fields ?? []).filter(({ name }) => columns.includes(name));

const steps: Readonly<Record<string, (text: string) => unknown>> = {
  'finds the format': (text) => detectLayout([text]),
  'finds the format of many lines': (text) => detectLayout(inLines(text)),
  'finds where columns are named': (text) => detectLayout([text], standard ? { format: standard, columns } : {}),
  'finds the delimiter': (text) => findDelimiter([text], fields),
  'finds the format of logs': (text) => detectLogLayout([text]),
  'finds the format of logs of many lines': (text) => detectLogLayout(inLines(text)),
  'finds what is around': (text) => openInput([text]),
  'separates objects': (text) => separateObjects(text),
  'finds a list': (text) => sampleList(text, 'Records'),
  'finds events': (text) => sampleEvents([text]),
};

const [short, long] = [4 * 1024, 32 * 1024];
/** Below it the measurements are meaningless. */
const leastMs = 30;
/** Quadratic growth makes 64 of 8. `n log n` growth, even on a busy machine, stays below. */
const most = 24;
const rounds = 6;

describe.each(Object.entries(steps))('%s', (_, step) => {
  test.each(Object.entries(texts))('in time that grows with the text: %s', (_, textOf) => {
    const [one, other] = [textOf(short), textOf(long)];
    step(one);
    let [longMs, shortMs] = [Number.POSITIVE_INFINITY, 0];
    // Other costs, compilation and garbage collection, do not occur in each measurement.
    for (let round = 0; round < rounds && longMs / shortMs >= most; round++) {
      longMs = Math.min(
        longMs,
        cpuMs(() => step(other)),
      );
      if (longMs < leastMs) return;
      shortMs = Math.max(Math.min(...[1, 2, 3].map(() => cpuMs(() => step(one)))), leastMs / most);
    }
    expect(longMs / shortMs).toBeLessThan(most);
  });
});

/** CPU time of this process only, independent of the machine's load. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user } = process.cpuUsage(before);
  return user / 1000;
}

function inLines(text: string): string[] {
  return text.match(/.{1,300}/gsu) ?? [];
}
