import { expect, test } from 'vitest';
import { decodeRows } from './decode-rows.ts';

test.each<[type: string, value: unknown, decoded: unknown]>([
  ['UInt64', '9007199254740991', 9007199254740991],
  ['UInt64', '9007199254740992', '9007199254740992'],
  ['Int128', '-5', -5],
  ['Nullable(Int64)', null, null],
  ['LowCardinality(Nullable(UInt64))', '1', 1],
  ['Array(Array(UInt64))', [['1'], []], [[1], []]],
  ['Map(String, Array(UInt64))', { a: ['1'] }, { a: [1] }],
  ['Map(UInt64, String)', { 1: '2' }, { 1: '2' }],
  ['Tuple(UInt64, String)', ['1', '2'], [1, '2']],
  [
    'Tuple(a UInt64, `b c` Tuple(x String, y UInt64))',
    { a: '1', 'b c': { x: '2', y: '3' } },
    { a: 1, 'b c': { x: '2', y: 3 } },
  ],
  ['SimpleAggregateFunction(sum, UInt64)', '7', 7],
  ["Enum8('Int64' = 1)", '1', '1'],
  ['String', '1', '1'],
  ['Float64', 1.5, 1.5],
])('%s %j', (type, value, decoded) => {
  expect(decodeRows({ meta: [{ name: 'x', type }], data: [[value]] })).toEqual([{ x: decoded }]);
});
