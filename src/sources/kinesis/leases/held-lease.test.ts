import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Activity } from '../../aws/activity.ts';
import { dynamodbServers, setTestCredentials } from '../../test-doubles/local-stream.ts';
import { startTroubledWire, type Trouble } from '../../test-doubles/troubled-wire.ts';
import { HeldLease } from './held-lease.ts';
import { newLease } from './lease-row.ts';
import { LeaseTable } from './lease-table.ts';

setTestCredentials();

const times = { heartbeatMs: 200, failoverMs: 1000 };
const shard = { id: 'shardId-000000000000', parents: [], startingSequence: '1', hashes: { from: 0n, to: 9n } };
const never = new AbortController().signal;
let leases = 0;

describe.each(dynamodbServers())('a lease in $name', (server) => {
  let url = '';
  beforeAll(async () => {
    url = await server.url();
  });
  afterAll(() => server.close());

  /** A lease that `one` holds over an unreliable connection, in a table that `other` reaches reliably. */
  async function takeLease() {
    const trouble: { of: (action: string) => Trouble } = { of: () => undefined };
    const wire = await startTroubledWire(url, (action) => trouble.of(action));
    const activity = new Activity();
    const table = await LeaseTable.open({ table: 'leases', endpoint: wire.url }, activity, never);
    const open = await LeaseTable.open({ table: 'leases', endpoint: url }, activity, never);
    const key = `edge:${process.pid}-${Date.now()}-${++leases}`;
    await open.add(newLease(key, shard, 'TRIM_HORIZON', 0), never);
    const read = async () => {
      const row = await open.read(key);
      if (!row) throw new Error('the row is gone');
      return row;
    };
    const row = await open.take(await read(), 'one');
    if (!row) throw new Error('the lease was not taken');
    const lease = new HeldLease(table, row, times, activity, performance.now());
    const takenByOther = async () => {
      const taken = await open.take(await read(), 'other');
      if (!taken) throw new Error('the lease was not taken');
      return new HeldLease(open, taken, times, activity, performance.now());
    };
    const close = () => {
      table.close();
      open.close();
      wire.close();
    };
    return { lease, read, trouble, takenByOther, close };
  }

  test('a commit moves the checkpoint and names the batch', async () => {
    const { lease, read, close } = await takeLease();
    await lease.commit('10', 'batch-1');
    await lease.commit('20', 'batch-2');
    expect(await read()).toMatchObject({ checkpoint: '20', batch: 'batch-2', leaseCounter: 3, leaseOwner: 'one' });
    await lease.release();
    expect((await read()).leaseOwner).toBeUndefined();
    close();
  });

  test('who lost the lease cannot commit, and learns it', async () => {
    const { lease, read, takenByOther, close } = await takeLease();
    await lease.commit('10', 'batch-1');
    const other = await takenByOther();
    await expect(lease.commit('20', 'batch-2')).rejects.toThrow('was taken by another worker');
    expect(lease.lost.aborted).toBe(true);
    await other.commit('15', 'batch-3');
    await lease.release();
    expect(await read()).toMatchObject({
      checkpoint: '15',
      batch: 'batch-3',
      leaseOwner: 'other',
      settled: ['batch-1'],
    });
    close();
  });

  test('a commit that was done and not answered counts, even when another has gone on since', async () => {
    const { lease, trouble, takenByOther, close } = await takeLease();
    trouble.of = (action) => (action === 'UpdateItem' ? 'unanswered' : 'lost');
    const commit = lease.commit('10', 'batch-1');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await (await takenByOther()).commit('20', 'batch-2');
    trouble.of = () => undefined;
    await commit;
    expect(lease.lost.aborted).toBe(true);
    close();
  });

  test('a commit that never got there does not count once another has the lease', async () => {
    const { lease, trouble, takenByOther, close } = await takeLease();
    trouble.of = () => 'lost';
    const commit = lease.commit('10', 'batch-1');
    commit.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    await (await takenByOther()).commit('20', 'batch-2');
    trouble.of = () => undefined;
    await expect(commit).rejects.toThrow('was taken by another worker');
    close();
  });

  test('without a heartbeat in time it is given up, and nothing is sent any more', async () => {
    const { lease, read, trouble, close } = await takeLease();
    const keeping = new AbortController();
    const kept = lease.keep(keeping.signal);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(lease.lost.aborted).toBe(false);
    const { leaseCounter } = await read();
    expect(leaseCounter).toBeGreaterThan(2);
    trouble.of = () => 'lost';
    await kept;
    expect(lease.lost.aborted).toBe(true);
    trouble.of = () => undefined;
    await expect(lease.commit('10', 'batch-1')).rejects.toThrow('could not be renewed in time');
    expect(await read()).toMatchObject({ checkpoint: 'TRIM_HORIZON' });
    close();
  });
});
