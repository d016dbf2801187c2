import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logFormats } from '../../formats/logs/catalog.ts';
import type { LogOrigin } from './compile-log-insert.ts';
import { detectLogLayout } from './detect-log-layout.ts';
import { LogStore, originOf } from './test-doubles/log-store.ts';
import { anyBytes, oddLine, oddLines } from './test-doubles/odd-lines.ts';

let logs: LogStore;

beforeAll(async () => {
  logs = await LogStore.open();
});

afterAll(() => logs?.close());

test('any bytes: rows + rejects + comments = lines, and no line throws', async () => {
  const seen = { rows: 0, rejected: 0, comments: 0 };
  await fc.assert(
    fc.asyncProperty(
      oddLines,
      fc.constantFrom(...logFormats),
      fc.boolean(),
      fc.boolean(),
      async (parts, format, onlyJson, wrapped) => {
        const origin: LogOrigin = { ...originOf(1), ...(wrapped ? { opening: { steps: ['cloudwatch'] } } : {}) };
        await logs.insert({ format, onlyJson }, origin, [
          Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')])),
        ]);
        const books = await logs.booksOf(origin);
        if (!books) throw new Error('no books');
        expect(books.rows + books.comments + books.rejected).toBe(books.lines);
        expect(books.kept).toBe(books.rejected);
        // An envelope counts as many lines as it has events.
        if (wrapped) expect(books.lines).toBeGreaterThanOrEqual(parts.length);
        else expect(books.lines).toBe(parts.length);
        for (const name of ['rows', 'rejected', 'comments'] as const) seen[name] += books[name];
      },
    ),
    { numRuns: Number(process.env.FC_RUNS ?? 20) },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

test('any lines: detection answers or does not, and never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(oddLine, anyBytes).map(String), { maxLength: 12 }), (texts) => {
      const detection = detectLogLayout(texts);
      if (!detection) return;
      expect(detection.confidence).toBeGreaterThan(0);
      expect(detection.confidence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1000 },
  );
});
