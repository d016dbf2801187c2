import { expect, test } from 'vitest';
import { logFields } from '../../../src/filters/log-fields.ts';
import { requestFields } from '../../../src/filters/request-fields.ts';
import { readWriting, suggestNames, suggestValues } from './completion.ts';
import { readFilter } from './edit-filter.ts';

const names = (text: string, fields = requestFields) => {
  const writing = readWriting(text, fields);
  return writing?.of === 'name' ? suggestNames(writing, fields).map((one) => one.text) : undefined;
};
const values = (text: string, found: readonly string[]) => {
  const writing = readWriting(text, requestFields);
  return writing?.of === 'value'
    ? suggestValues(writing, writing.field, found, requestFields).map((one) => one.text)
    : undefined;
};

test('names of fields are completed, those first that begin so', () => {
  expect(names('status:5xx -stat')?.[0]).toBe('status:5xx -status:');
  expect(names('agent')).toEqual(['user_agent:']);
  expect(names('attr', logFields)).toEqual(['attributes.']);
  expect(names('path:"/a sta')).toBeUndefined();
  expect(names('status:5xx ')).toBeUndefined();
});

test('values are completed as they must be written', () => {
  expect(values('a -path:/x', ['/x', '/x y', ''])).toEqual(['a -path:"/x y"', 'a -path:""']);
  expect(values('country:(DE,A', ['AT'])).toEqual(['country:(DE,AT']);
  expect(values('ip:19', ['192.0.2.1'])).toEqual(['ip:192.0.2.1']);
  for (const text of values('path:', ['/it"s', '/a*b', 'x:y']) ?? []) expect(readFilter(text).problem).toBeNull();
});
