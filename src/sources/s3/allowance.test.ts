import { expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

const never = new AbortController().signal;
const settled = async (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), new Promise((resolve) => setTimeout(resolve, 5, false))]);

test('never more than there is, first come first served', async () => {
  const allowance = new Allowance(10);
  const giveBack = await allowance.take(8, never);
  const large = allowance.take(5, never);
  const small = allowance.take(1, never);
  // The small one would fit, but must not overtake for ever.
  expect([await settled(large), await settled(small)]).toEqual([false, false]);
  giveBack();
  expect([await settled(large), await settled(small)]).toEqual([true, true]);
});

test('what is larger than everything takes everything', async () => {
  const allowance = new Allowance(10);
  const giveBack = await allowance.take(1000, never);
  const next = allowance.take(1, never);
  expect(await settled(next)).toBe(false);
  giveBack();
  expect(await settled(next)).toBe(true);
});

test('who gives up waiting makes way', async () => {
  const allowance = new Allowance(10);
  await allowance.take(8, never);
  const stop = new AbortController();
  const large = allowance.take(5, stop.signal);
  const small = allowance.take(2, never);
  stop.abort(new Error('enough'));
  await expect(large).rejects.toThrow('enough');
  expect(await settled(small)).toBe(true);
});
