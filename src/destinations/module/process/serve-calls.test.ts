import { expect, test } from 'vitest';
import { readRequests } from './serve-calls.ts';

test('requests and their rows are read, however the bytes come', () => {
  const rows = ['{"message":"{\\"call\\":1}\\n"}\n', '', 'é\n'.repeat(50)];
  const bytes = Buffer.concat(
    rows.flatMap((text) => {
      const request = { call: 'write', id: text.slice(0, 5), bytes: Buffer.byteLength(text) };
      return [Buffer.from(`${JSON.stringify(request)}\n`), Buffer.from(text)];
    }),
  );
  for (const size of [1, 2, 7, 64, 1000]) {
    const read: string[] = [];
    const receive = readRequests((request, piece) => {
      expect(piece.length).toBe(request.bytes);
      read.push(piece.toString());
    });
    for (let at = 0; at < bytes.length; at += size) receive(bytes.subarray(at, at + size));
    expect(read).toEqual(rows);
  }
});
