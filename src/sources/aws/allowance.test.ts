import { describe, expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

const never = new AbortController().signal;

describe('Allowance', () => {
  test('who asks for more than is left waits, and all behind it wait their turn', async () => {
    const allowance = new Allowance(10);
    const order: string[] = [];
    await allowance.take(6, never);
    const large = allowance.take(8, never).then(() => order.push('large'));
    const small = allowance.take(1, never).then(() => order.push('small'));
    await Promise.resolve();
    expect(order).toEqual([]);
    allowance.give(6);
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  test('more than there ever is gets all of it', async () => {
    const allowance = new Allowance(10);
    await allowance.take(50, never);
    const next = allowance.take(1, never);
    allowance.give(50);
    await next;
  });

  test('what came larger than expected counts as it is', async () => {
    const allowance = new Allowance(10);
    await allowance.take(1, never);
    allowance.give(1 - 10);
    let isIn = false;
    const next = allowance.take(1, never).then(() => {
      isIn = true;
    });
    await Promise.resolve();
    expect(isIn).toBe(false);
    allowance.give(10);
    await next;
  });

  test('who gives up waiting makes room for the next', async () => {
    const allowance = new Allowance(10);
    await allowance.take(6, never);
    const giving = new AbortController();
    const large = allowance.take(8, giving.signal);
    const small = allowance.take(4, never);
    giving.abort(new Error('enough'));
    await expect(large).rejects.toThrow('enough');
    await small;
    await expect(allowance.take(1, giving.signal)).rejects.toThrow('enough');
  });
});
