import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BulkAction, BulkSplitter, BulkSyntaxError } from './bulk-splitter.ts';

type Seen = readonly [action: BulkAction, document: string | undefined];

/** The result of a splitter, or the message of its refusal. */
function split(body: Uint8Array, sizes: readonly number[], index = 'default'): readonly Seen[] | string {
  const seen: Seen[] = [];
  const splitter = new BulkSplitter(index, (action, document) =>
    seen.push([action, document && Buffer.from(document).toString('latin1')]),
  );
  try {
    for (let at = 0, turn = 0; at < body.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      // The memory of a chunk may be reused.
      const piece = Uint8Array.from(body.subarray(at, at + size));
      splitter.push(piece);
      piece.fill(0);
      at += size;
    }
    splitter.end();
    return seen;
  } catch (error) {
    if (error instanceof BulkSyntaxError) return error.message;
    throw error;
  }
}

const splitText = (...lines: readonly string[]) => split(Buffer.from(lines.join('\n')), [1000]);

describe('BulkSplitter', () => {
  it.each<[string, string, Partial<BulkAction>]>([
    ['the request’s index', '{"index":{}}', { name: 'index', index: 'default', id: undefined }],
    ['its own', '{"create":{"_index":"own","_id":"7"}}', { name: 'create', index: 'own', id: '7' }],
    ['pino-elasticsearch', '{"index":{"_index":"a","op_type":"create"}}', { name: 'create', index: 'a' }],
    ['winston-elasticsearch', '{"attempts":0,"index":{"_index":"a","pipeline":null},"x":[]}', { name: 'index' }],
    ['Filebeat before 7', '{"index":{"_index":"a","_type":"doc"}}', { name: 'index', index: 'a' }],
    ['nothing said', '{"create":null}', { name: 'create', index: 'default' }],
    ['a number as id', ' {"index":{"_id":5}} \r', { name: 'index', id: '5' }],
  ])('reads the action of %s', (_name, action, expected) => {
    expect(splitText(action, 'document', '')).toEqual([[expect.objectContaining(expected), 'document']]);
  });

  it('gives each action its document, and none to what has none', () => {
    const seen = splitText(
      '{"index":{}}',
      '{"delete":{}}',
      '{"delete":{"_id":"1"}}',
      '',
      '{"update":{}}',
      '',
      '{"index":{}}',
    );
    expect(typeof seen === 'string' ? seen : seen.map(([{ name, line }, document]) => [name, line, document])).toEqual([
      ['index', 1, '{"delete":{}}'],
      ['delete', 3, undefined],
      ['update', 5, ''],
      ['index', 7, undefined],
    ]);
  });

  it.each(['{"a":1}', '[]', '"index"', 'text', '{"index":{}', `{"index":{"x":"${'x'.repeat(70_000)}"}}`])(
    'says which line is no action: %.20s',
    (line) => expect(splitText('{"index":{}}', '{}', line)).toMatch(/^Malformed action\/metadata line \[3\]/),
  );

  it('never throws anything else, and gives the same for any pieces', () => {
    const line = fc.oneof(
      fc.constantFrom('{"index":{}}', '{"create":{"_index":"a"}}', '{"delete":{"_id":"1"}}', '{"a":1}', '', '\r', ' '),
      fc.string(),
    );
    const bodies = fc.oneof(
      fc.array(line, { maxLength: 20 }).map((lines) => Buffer.from(lines.join('\n'))),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (body, sizes) => {
        expect(split(body, sizes)).toEqual(split(body, [1_000_000]));
      }),
      { numRuns: 500 },
    );
  });
});
