import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assertSameBytes, latenciesOf } from './emitted-windows.ts';
import { requestLine } from './request-lines.ts';

const firstMs = Date.UTC(2026, 10, 28, 9);

describe('windows that a program has emitted', () => {
  test('take as long as from the first line that is the disorder past their end, after the first seconds', () => {
    const turns = Array.from({ length: 300 }, (_, index) => ({
      eventMs: firstMs + index * 100,
      handedMs: firstMs + index * 100 + 3,
    }));
    const emitted = [14, 15, 16, 24, 25].map((second) => ({
      query: 'bytes_transferred',
      endMs: firstMs + second * 1000,
      // A window of the first seconds, three that count, and one that no line has ended.
      visibleMs: firstMs + (second + 5) * 1000 + second * 10,
      bytes: 1,
    }));
    const run = { turns, cpuSeconds: 0, peakBytes: 0 };
    expect(latenciesOf(emitted, run)).toEqual({ windows: 3, p50: 157, p99: 237, slowest: 237 });
    expect(latenciesOf(emitted.slice(0, 1), run)).toBeUndefined();
  });

  test('have the bytes of their lines, or are not compared', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tailrace-windows-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const log = join(directory, 'live.log');
    // Requests 0 to 4 in the first second, of which the last is a bot; then one that ends it.
    const times = [0, 0, 500, 999, 999, 6000];
    writeFileSync(log, times.map((ms, index) => requestLine(index, firstMs + ms, 10)).join(''));
    const window = (query: string, bytes: number) => ({ query, endMs: firstMs + 1000, visibleMs: 0, bytes });
    const right = [window('bytes_transferred', 2510), window('bot_detection', 504)];
    await assertSameBytes('one', right, log);
    await expect(assertSameBytes('one', right.slice(1), log)).rejects.toThrow('undefined bytes of 2510');
    await expect(assertSameBytes('one', [...right, window('bot_detection', 503)], log)).rejects.toThrow(
      '503 bytes of 504',
    );
  });
});
