import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilter } from './compile-filter.ts';
import { mostCharacters } from './filter.ts';
import { FilterError } from './filter-error.ts';
import { parseFilter } from './parse-filter.ts';
import { printFilter } from './print-filter.ts';
import { requestFields } from './request-fields.ts';
import { anyFilter, hostileText } from './test-doubles/random-filters.ts';

const parse = (text: string) => parseFilter(text, requestFields);
const canonical = (text: string) => printFilter(parse(text), requestFields);

function problemOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof FilterError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a filter', () => {
  test.each([
    ['', ''],
    ['  status:404  ', 'status:404'],
    ['STATUS:5XX', 'status:5xx'],
    ['status:500..599', 'status:5xx'],
    ['bytes:500..599', 'bytes_sent:500..599'],
    ['status:0xx', 'status:0..99'],
    ['status:400..', 'status:>=400'],
    ['ttfb:..1.50', 'ttfb:<=1.5'],
    ['time_taken:>1e0', 'duration:>1'],
    ['status:(404, 500 ,5xx)', 'status:(404,500,5xx)'],
    ['-country:(DE,"")', '-country:(DE,"")'],
    ['is_bot:YES', 'is_bot:true'],
    ['path:/a*b**c', 'path:/a*b*c'],
    ['user_agent:*"Mac OS"*', 'user_agent:*"Mac OS"*'],
    ['path:"/*"', 'path:"/*"'],
    ['checkout', 'checkout'],
    ['path:*checkout*', 'checkout'],
    ['-"a b"', '-"a b"'],
    ['"http://x"', '"http://x"'],
    ['"-x"*y', '"-x"*y'],
    ['referrer:https://a.example/?x=1', 'referer:https://a.example/?x=1'],
    ['path:"say \\"\\\\d\\""', 'path:"say \\"\\\\d\\""'],
    ['ttfb:""', 'ttfb:""'],
    ['-ttfb:*', '-ttfb:*'],
  ])('%s is written as %s', (text, wanted) => {
    expect(canonical(text)).toBe(wanted);
    expect(canonical(wanted)).toBe(wanted);
  });

  test('that was printed reads the same', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parse(printFilter(filter, requestFields))).toEqual(filter);
      }),
      { numRuns: 300 },
    );
  });

  test('of any text is read, or refused with what to do', () => {
    fc.assert(
      fc.property(
        fc.array(hostileText).map((parts) => parts.join(' ')),
        (text) => {
          if (problemOf(text) !== 'none') return;
          const { sql } = compileFilter(parse(text), requestFields);
          // Values are never part of the SQL.
          expect(sql).not.toMatch(/\0|\{x:/);
          expect(parse(canonical(text))).toEqual(parse(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ['statuss:500', 'statuss:500: there is no field "statuss"; did you mean "status"? Or quote'],
    [
      'http://a',
      'http://a: there is no field "http"; did you mean "http_version"? Or quote the whole to search for it in path',
    ],
    ['time:>5', 'time:>5: there is no field "time": the range on the page sets the time'],
    [
      'status:ok',
      'status:ok: "ok" is no whole number; write for example status:400, status:5xx, status:>400 or status:100..400',
    ],
    ['status:70000', 'status:70000: status is at most 65535; write a smaller number'],
    ['status:""', 'status:"": "" is no whole number;'],
    ['status:599..500', 'status:599..500: 599 is greater than 500; write the smaller first'],
    ['ttfb:slow', 'ttfb:slow: "slow" is no number; write for example ttfb:1.5, ttfb:>1.5 or ttfb:0.1..1.5'],
    ['ttfb:1e99', 'ttfb:1e99: "1e99" is no number'],
    ['is_bot:maybe', 'is_bot:maybe: "maybe" is neither true nor false; write is_bot:true or is_bot:false'],
    ['path:"/a', 'path:"/a: the quote does not end; close it by "'],
    ['status:(1,2', 'status:(1,2: the list does not end; separate its values by commas, and close it by ")"'],
    ['status:(1,)', 'status:(1,): a value is missing in the list; "" stands for an empty one'],
    ['host:', 'host:: a value is missing; "" stands for an empty one'],
    ['-', '-: a value is missing; "" stands for an empty one'],
    ['x'.repeat(10_000), `the filter has 10000 characters, more than ${mostCharacters}; shorten it`],
    ['a '.repeat(31), 'a: a filter has at most 30 terms; remove some'],
    [`status:(${'1,'.repeat(51)}1)`, 'a list has at most 50 values; remove some'],
    [`x:${'y'.repeat(100)}`, `x:${'y'.repeat(58)}…: there is no field "x"; quote the whole`],
  ])('%s is refused', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });
});

describe('SQL', () => {
  test.each<[text: string, sql: string, params: Record<string, string>]>([
    ['', '', {}],
    ['status:404', 'status = {status_1:UInt16}', { status_1: '404' }],
    ['-host:"a\'b"', 'host != {host_1:String}', { host_1: "a'b" }],
    ['status:5xx', 'status BETWEEN {status_1:UInt16} AND {status_2:UInt16}', { status_1: '500', status_2: '599' }],
    ['country:(DE,"")', 'country IN ({country_1:String}, {country_2:String})', { country_1: 'DE', country_2: '' }],
    ['/a_b%c\\d*', 'path LIKE {path_1:String}', { path_1: '%/a\\_b\\%c\\\\d%' }],
    ['referer:*', "referer != ''", {}],
    ['is_bot:true', 'is_bot', {}],
    ['-is_bot:true', 'NOT is_bot', {}],
    ['-ttfb:>1.5', 'NOT ifNull(ttfb > {ttfb_1:Float32}, false)', { ttfb_1: '1.5' }],
    ['ttfb:""', 'ttfb IS NULL', {}],
    [
      'path:(/a,/b*,/c)',
      '(path LIKE {path_3:String} OR path IN ({path_1:String}, {path_2:String}))',
      { path_1: '/a', path_2: '/c', path_3: '/b%' },
    ],
    ['status:>399 a', 'status > {status_1:UInt16}\nAND path LIKE {path_2:String}', { status_1: '399', path_2: '%a%' }],
  ])('of %s', (text, sql, params) => {
    expect(compileFilter(parse(text), requestFields)).toMatchObject({ sql, params });
  });
});
