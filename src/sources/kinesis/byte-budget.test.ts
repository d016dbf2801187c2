import { describe, expect, test } from 'vitest';
import { ByteBudget } from './byte-budget.ts';

const never = new AbortController().signal;

describe('ByteBudget', () => {
  test('who asks for more than is left waits, and all behind it wait their turn', async () => {
    const budget = new ByteBudget(10);
    const order: string[] = [];
    await budget.take(6, never);
    const large = budget.take(8, never).then(() => order.push('large'));
    const small = budget.take(1, never).then(() => order.push('small'));
    await Promise.resolve();
    expect(order).toEqual([]);
    budget.give(6);
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  test('more than there ever is gets all of it', async () => {
    const budget = new ByteBudget(10);
    await budget.take(50, never);
    const next = budget.take(1, never);
    budget.give(50);
    await next;
  });

  test('what came larger than expected counts as it is', async () => {
    const budget = new ByteBudget(10);
    await budget.take(1, never);
    budget.give(1 - 10);
    let isIn = false;
    const next = budget.take(1, never).then(() => {
      isIn = true;
    });
    await Promise.resolve();
    expect(isIn).toBe(false);
    budget.give(10);
    await next;
  });

  test('who gives up waiting makes room for the next', async () => {
    const budget = new ByteBudget(10);
    await budget.take(6, never);
    const giving = new AbortController();
    const large = budget.take(8, giving.signal);
    const small = budget.take(4, never);
    giving.abort(new Error('enough'));
    await expect(large).rejects.toThrow('enough');
    await small;
    await expect(budget.take(1, giving.signal)).rejects.toThrow('enough');
  });
});
