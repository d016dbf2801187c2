import { describe, expect, it } from 'vitest';
import { setUpIntakeServer } from '../../../server/test-doubles/intake-server.ts';

const target = setUpIntakeServer();
const { post } = target;

describe('_bulk', () => {
  it('answers each action in its place, and stores one delivery an index', async () => {
    const lines = [
      '{"index":{"_index":"a","_id":"7"}}',
      '{"n":1}',
      '{"delete":{"_id":"1"}}',
      '{"create":{}}',
      '{"n":2} ',
      '{"update":{"_id":"2"}}',
      '{"doc":{}}',
      '{"create":{}}',
      '[1]',
      '{"index":{"_index":"a"}}',
      '{"n":3}',
      '{"index":{"_index":"two words"}}',
      '{"n":4}',
      '{"index":{}}',
    ];
    const answer = await post('/b/_bulk?timeout=5000ms', lines.join('\r\n'));
    const { errors, items } = (await answer.json()) as {
      errors: boolean;
      items: Record<string, Record<string, unknown>>[];
    };
    expect(errors).toBe(true);
    expect(items.flatMap(Object.entries).map(([name, { _index, _id, status }]) => [name, _index, _id, status])).toEqual(
      [
        ['index', 'a', '7', 201],
        ['delete', 'b', '1', 400],
        ['create', 'b', undefined, 201],
        ['update', 'b', '2', 400],
        ['create', 'b', undefined, 400],
        ['index', 'a', undefined, 201],
        ['index', 'two words', undefined, 400],
        ['index', 'b', undefined, 400],
      ],
    );
    expect(target.sink.stored.map(({ origin, context }) => [origin, context?.group])).toEqual([
      ['bulk:a', 'a'],
      ['bulk:b', 'b'],
    ]);
    expect(target.sink.lines).toEqual(['{"n":1}', '{"n":3}', '{"n":2} ']);
    expect(target.server.intakeCounts.bulk).toMatchObject({ lines: 3, rejected: 5 });
  });

  it('stores nothing of a request that is none', async () => {
    for (const body of ['', '\n', '{"index":{}}\n{"n":1}\nwhat?\n']) {
      const answer = await post('/_bulk', body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch');
      expect(await answer.json()).toMatchObject({ error: { type: 'illegal_argument_exception' }, status: 400 });
    }
    expect(target.sink.calls).toEqual([]);
  });

  it('answers in the type and with the parts that the sender asks for', async () => {
    const accept = 'application/vnd.elasticsearch+json; compatible-with=9';
    const answer = await post('/a/_bulk?filter_path=errors,items.*.status', '{"index":{}}\n{}\n', { accept });
    expect(answer.headers.get('content-type')).toBe('application/vnd.elasticsearch+json;compatible-with=9');
    expect(await answer.json()).toEqual({ errors: false, items: [{ index: { status: 201 } }] });
    expect(await (await post('/a/_bulk?filter_path=items.*.error', '{"index":{}}\n{}\n')).json()).toEqual({});
  });

  it('answers any filter in time, and refuses a long one before it stores anything', async () => {
    const lines = Array.from({ length: 1000 }, () => '{"index":{}}\n{}\n').join('');
    const slow = `/a/_bulk?filter_path=${'**.'.repeat(340)}x`;
    expect(await (await post(slow, lines)).json()).toEqual({});
    const answer = await post(`/a/_bulk?filter_path=errors&filter_path=${'a,'.repeat(600)}`, lines);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { reason: expect.stringMatching(/filter_path is too long/) } });
    expect(target.sink.calls).toHaveLength(1);
  });

  it('refuses more indexes than one request may name, one by one', async () => {
    const lines = Array.from({ length: 101 }, (_, index) => `{"index":{"_index":"i${index}"}}\n{}\n`);
    const { items } = (await (await post('/_bulk', lines.join(''))).json()) as {
      items: { index: { status: number } }[];
    };
    expect(items.map(({ index }) => index.status)).toEqual([...Array.from({ length: 100 }, () => 201), 400]);
  });
});
