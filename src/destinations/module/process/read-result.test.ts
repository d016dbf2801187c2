import { expect, test } from 'vitest';
import { readResult } from './read-result.ts';

test.each([
  [undefined, []],
  [{ failed: [] }, []],
  [{ failed: [{ index: 1, reason: 'no' }] }, [{ index: 1, reason: 'no', retry: false }]],
  [{ failed: [{ index: 0, retry: true }, { index: 0 }] }, [{ index: 0, reason: 'no reason given', retry: true }]],
])('%j is a result', (result, failed) => {
  expect(readResult(result, 2)).toEqual({ failed });
});

test.each([
  [null, 'write returned null; '],
  [7, 'write returned 7; '],
  [{ Failed: [] }, 'write returned an object without failed; '],
  [new Response(), 'write returned an object Response without failed; '],
  [{ failed: [null] }, 'write returned a failed row that is null; '],
  [{ failed: [{ index: 2, reason: '' }] }, 'write returned a failed row with index 2; '],
  [{ failed: [{ index: '0', reason: '' }] }, 'write returned a failed row with index 0; '],
  [{ failed: [{ index: 0, retry: 'no' }] }, 'write returned a failed row whose retry is no; '],
])('%j may tell of rows that are not taken, and is a fault', (result, fault) => {
  expect(readResult(result, 2)).toEqual({ fault: expect.stringMatching(`^${fault}`) });
});
