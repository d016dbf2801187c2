import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { withDeadline } from './deadline.ts';

const never = new Promise<string>(() => {});
const late = { onLate: () => 'late' };

test('gives the outcome of work that is done in time, and leaves no timer behind', async () => {
  vi.useFakeTimers();
  try {
    await expect(withDeadline(Promise.resolve('done'), { afterMs: 1000, ...late })).resolves.toBe('done');
    await expect(withDeadline(Promise.reject(new Error('failed')), { afterMs: 1000, ...late })).rejects.toThrow(
      'failed',
    );
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('gives or throws what the deadline says when the work takes longer', async () => {
  await expect(withDeadline(never, { afterMs: 1, ...late })).resolves.toBe('late');
  const refuse = () => {
    throw new Error('no answer');
  };
  await expect(withDeadline(never, { afterMs: 1, onLate: refuse })).rejects.toThrow('no answer');
});

test('the time runs from the abort of a signal', async () => {
  const stopping = new AbortController();
  let outcome: string | undefined;
  const waiting = withDeadline(never, { afterMs: 1, from: stopping.signal, ...late }).then((text) => {
    outcome = text;
  });
  await delay(20);
  expect(outcome).toBeUndefined();
  stopping.abort();
  await waiting;
  expect(outcome).toBe('late');
  await expect(withDeadline(never, { afterMs: 0, from: stopping.signal, ...late })).resolves.toBe('late');
});
