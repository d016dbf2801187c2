import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { withOwnAbort } from './own-abort.ts';

test('work is aborted with the signal, for the same reason', async () => {
  const outer = new AbortController();
  const work = withOwnAbort(
    outer.signal,
    (own) => new Promise((_, reject) => own.signal.addEventListener('abort', () => reject(own.signal.reason))),
  );
  outer.abort(new Error('enough'));
  await expect(work).rejects.toThrow('enough');
  const late = withOwnAbort(outer.signal, async (own) => own.signal.throwIfAborted());
  await expect(late).rejects.toThrow('enough');
});

test('its own abort is not that of the signal, on which nothing hangs afterwards', async () => {
  const { signal } = new AbortController();
  const work = withOwnAbort(signal, async (own) => {
    own.abort(new Error('late'));
    own.signal.throwIfAborted();
  });
  await expect(work).rejects.toThrow('late');
  expect(signal.aborted).toBe(false);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
