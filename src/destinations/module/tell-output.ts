import type { Readable } from 'node:stream';

const mostCharacters = 300;
const mostLines = 20;
const everyMs = 60_000;

/** Tells what a program prints, line by line: the start of each line, and so many lines a minute. Reads on whatever comes. */
export function tellOutput(output: Readable, name: string, tell: (text: string) => void): void {
  let unfinished = '';
  let told = 0;
  let sinceMs = performance.now();
  const tellLine = (line: string) => {
    const text = line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
    if (text === '') return;
    if (performance.now() - sinceMs > everyMs) {
      told = 0;
      sinceMs = performance.now();
    }
    told++;
    if (told <= mostLines) {
      tell(`${name} prints: ${text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text}`);
    } else if (told === mostLines + 1) {
      tell(`${name} prints more than ${mostLines} lines a minute; the others are not shown`);
    }
  };
  output.setEncoding('utf8');
  output.on('data', (text: string) => {
    const lines = (unfinished + text).split('\n');
    // More of a line is never shown.
    unfinished = (lines.pop() ?? '').slice(0, 4 * mostCharacters);
    for (const line of lines) tellLine(line);
  });
  output.on('end', () => tellLine(unfinished));
}
