import { describe, expect, it } from 'vitest';
import type { Delivery } from '../source.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { OriginLanes } from './origin-lanes.ts';

const delivery = (origin: string, version: string): Delivery => ({
  origin,
  version,
  content: { kind: 'lines', chunks: [Buffer.from(`${version}\n`)] },
});

const never = new AbortController().signal;

function closedSink(): { sink: MemorySink; open: () => void } {
  const sink = new MemorySink();
  return { sink, open: sink.hold() };
}

const callsOf = (sink: MemorySink) => sink.calls.map((call) => call.map(({ version }) => version));

describe('OriginLanes', () => {
  it('hands over what came meanwhile in one call, after the call before has ended', async () => {
    const { sink, open } = closedSink();
    const lanes = new OriginLanes(sink);
    const receipts = ['1', '2', '3'].map((version) => lanes.store(delivery('a', version), never));
    const other = lanes.store(delivery('b', 'x'), never);
    expect(callsOf(sink)).toEqual([['1'], ['x']]);
    open();
    await Promise.all([...receipts, other]);
    expect(callsOf(sink)).toEqual([['1'], ['x'], ['2', '3']]);
  });

  it('hands over the same version only after it was stored', async () => {
    const { sink, open } = closedSink();
    const lanes = new OriginLanes(sink);
    const receipts = ['1', '2', '2', '3'].map((version) => lanes.store(delivery('a', version), never));
    open();
    expect((await Promise.all(receipts)).map(({ known }) => known)).toEqual([false, false, true, false]);
    expect(callsOf(sink)).toEqual([['1'], ['2'], ['2', '3']]);
  });

  it('forgets what its sender gave up while it waited, and only that', async () => {
    const { sink, open } = closedSink();
    const lanes = new OriginLanes(sink);
    const leaving = new AbortController();
    const first = lanes.store(delivery('a', '1'), leaving.signal);
    const second = lanes.store(delivery('a', '2'), leaving.signal);
    leaving.abort(new Error('the client left'));
    await expect(second).rejects.toMatchObject({ reason: 'unavailable', message: /the client left/ });
    open();
    await first;
    expect(callsOf(sink)).toEqual([['1']]);
    await expect(lanes.store(delivery('a', '3'), leaving.signal)).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('refuses when the sink gives up, and goes on with the next', async () => {
    const sink = new MemorySink();
    const lanes = new OriginLanes(sink);
    sink.gate = Promise.reject(new Error('closing'));
    await expect(lanes.store(delivery('a', '1'), never)).rejects.toMatchObject({
      reason: 'unavailable',
      retryAfterSeconds: expect.any(Number),
    });
    sink.gate = Promise.resolve();
    expect((await lanes.store(delivery('a', '2'), never)).known).toBe(false);
  });
});
