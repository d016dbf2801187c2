import fc from 'fast-check';
import { expect, it } from 'vitest';
import { guardFormulas } from './guard-formulas.ts';

async function guard(csv: string, size = 7): Promise<string> {
  const bytes = new TextEncoder().encode(csv);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const out: Uint8Array[] = [];
  for await (const chunk of guardFormulas(chunks())) out.push(chunk);
  return Buffer.concat(out).toString();
}

it.each([
  ['"=1+1"\n', `"'=1+1"\n`],
  ['"a","+1","-1","@x"\n', `"a","'+1","'-1","'@x"\n`],
  ['"\t=1","\r=1","\n=1"\n', `"'\t=1","'\r=1","'\n=1"\n`],
  ['"＝1","＋1","－1","＠1"\n', `"'＝1","'＋1","'－1","'＠1"\n`],
  ['-5,-inf,+1.5,\\N,true\n', '-5,-inf,+1.5,\\N,true\n'],
  ['"","a=b","""=1","x""","=1"\n', `"","a=b","""=1","x""","'=1"\n`],
  ['"a\n=b",1\n"=c"\n', `"a\n=b",1\n"'=c"\n`],
  ['"ｱ","\ufeff"\n', '"ｱ","\ufeff"\n'],
])('%j', async (csv, guarded) => {
  for (const size of [1, 2, 100]) expect(await guard(csv, size)).toBe(guarded);
});

it('changes nothing but the beginnings of texts, wherever the pieces are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'=+-@\t\n",a＝é👩') });
  const cell = fc.oneof(
    text.map((value) => ({ value, csv: `"${value.replaceAll('"', '""')}"` })),
    fc.double().map((value) => ({ value, csv: String(value) })),
  );
  const table = fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
      const print = (cells: readonly string[][]) => cells.map((row) => `${row.join(',')}\n`).join('');
      const guarded = rows.map((row) =>
        row.map(({ value, csv }) =>
          typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `"'${csv.slice(1)}` : csv,
        ),
      );
      expect(await guard(print(rows.map((row) => row.map(({ csv }) => csv))), size)).toBe(print(guarded));
    }),
  );
});
