import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { backtest } from './backtest.ts';
import { starterPack } from './starter-pack.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** Each alert has a week of its own, so that one store serves all. */
const first = Date.parse('2026-02-02T12:00:00Z');
const weekOf = (index: number) => first + index * 14 * dayMs;

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch?.close());

interface Requests {
  /** Epoch ms; they are spread over the minutes from then on. */
  readonly atMs: number;
  readonly count: number;
  readonly minutes?: number;
  /** SQL by column. */
  readonly columns?: Readonly<Record<string, string>>;
}

async function storeRequests({ atMs, count, minutes = 30, columns = {} }: Requests): Promise<void> {
  const all = {
    method: "'GET'",
    status: '200',
    result: "'Hit'",
    sampling_rate: '100',
    client_ip: "concat('10.0.0.', toString(number % 250))",
    ...columns,
  };
  await scratch.store.engine.run({
    sql: `
      INSERT INTO requests (time, ${Object.keys(all).join(', ')})
      SELECT fromUnixTimestamp64Milli({at:Int64} + number * {spread:Int64} % {length:Int64}), ${Object.values(all).join(', ')}
      FROM numbers({count:UInt64})`,
    params: {
      at: atMs,
      count,
      length: minutes * minuteMs,
      spread: Math.max(1, Math.floor((minutes * minuteMs) / count)),
    },
  });
}

const run = (sql: string, params: Record<string, unknown> = {}) => scratch.store.engine.run({ sql, params });

interface Closed {
  readonly atMs: number;
  readonly pipeline: string;
  readonly batch?: number;
  readonly lines?: number;
  readonly rejected?: number;
}

const storeBatch = ({ atMs, pipeline, batch = 1, lines = 1000, rejected = 0 }: Closed) =>
  run(
    `INSERT INTO ledger (batch, object, origin, pipeline, lines, rows, rejected, stored_at)
     SELECT {batch:UInt64}, 1, 'x', {pipeline:String}, {lines:UInt64}, {lines:UInt64} - {rejected:UInt64}, {rejected:UInt64}, {at:DateTime64(3)}`,
    { batch, pipeline, lines, rejected, at: new Date(atMs) },
  );

/** What makes each alert fire: stored twice, in a week in which it must, and weaker in one in which it must not. */
interface Trial {
  /** @param nowMs around when it is evaluated */
  readonly store: (nowMs: number, isBad: boolean) => Promise<void>;
  /** The instance that fires. */
  readonly instance: string;
}

const ofLastDays = async (nowMs: number, store: (atMs: number) => Promise<void>) => {
  for (const days of [1, 2, 3, 4]) await store(nowMs - days * dayMs);
};

const trials: Readonly<Record<string, Trial>> = {
  'server-errors': {
    instance: '',
    store: async (nowMs, isBad) => {
      await storeRequests({ atMs: nowMs, count: 940 });
      await storeRequests({ atMs: nowMs, count: isBad ? 60 : 40, columns: { status: '502' } });
    },
  },
  'origin-errors': {
    instance: 'cause=OriginConnectError',
    store: async (nowMs, isBad) => {
      await storeRequests({ atMs: nowMs, count: 1000 });
      const columns = { status: '502', detailed_result: isBad ? "'OriginConnectError'" : "'ClientCommError'" };
      await storeRequests({ atMs: nowMs, count: 40, columns });
    },
  },
  'hit-ratio-drop': {
    instance: '',
    store: async (nowMs, isBad) => {
      const mixed = (hits: number) => ({ result: `if(number % 10 < ${hits}, 'Hit', 'Miss')` });
      await ofLastDays(nowMs, (atMs) => storeRequests({ atMs, count: 400, columns: mixed(9) }));
      await storeRequests({ atMs: nowMs, count: 400, columns: mixed(isBad ? 7 : 8) });
    },
  },
  'slow-first-byte': {
    instance: '',
    store: async (nowMs, isBad) => {
      await ofLastDays(nowMs, (atMs) => storeRequests({ atMs, count: 400, columns: { ttfb: '0.3' } }));
      await storeRequests({ atMs: nowMs, count: 400, columns: { ttfb: isBad ? '0.7' : '0.55' } });
    },
  },
  'busy-viewer': {
    instance: 'client_ip=203.0.113.7',
    store: (nowMs, isBad) =>
      storeRequests({ atMs: nowMs, count: isBad ? 108_000 : 72_000, columns: { client_ip: "'203.0.113.7'" } }),
  },
  'bot-bytes': {
    instance: '',
    store: async (nowMs, isBad) => {
      const bots = (bytes: number) => ({ is_bot: '1', bytes_sent: String(bytes) });
      await ofLastDays(nowMs - 30 * minuteMs, (atMs) =>
        storeRequests({ atMs, count: 150, minutes: 90, columns: bots(1e6) }),
      );
      await storeRequests({ atMs: nowMs, count: 100, columns: bots(isBad ? 3e7 : 5e6) });
    },
  },
  freshness: {
    instance: 'pipeline=edge',
    store: (nowMs, isBad) => storeBatch({ atMs: nowMs - (isBad ? 61 : 40) * minuteMs, pipeline: 'edge' }),
  },
  rejects: {
    instance: 'pipeline=edge',
    store: (nowMs, isBad) => storeBatch({ atMs: nowMs - minuteMs, pipeline: 'edge', rejected: isBad ? 11 : 9 }),
  },
  drift: {
    instance: 'name=layout_drift',
    store: (nowMs, isBad) =>
      run(`INSERT INTO events (at, name) SELECT {at:DateTime64(3)}, {name:String}`, {
        at: new Date(nowMs - minuteMs),
        name: isBad ? 'layout_drift' : 'other',
      }),
  },
  'destination-lag': {
    instance: 'destination=archive',
    store: async (nowMs, isBad) => {
      const id = (ms: number) => Math.floor(ms / 1000);
      await run(
        `INSERT INTO destination_positions (destination, sequence, position) SELECT 'archive', {at:UInt64}, {at:UInt64}`,
        {
          at: id(nowMs - 60 * minuteMs),
        },
      );
      for (const minutes of [30, 20]) {
        const batch = id(nowMs - minutes * minuteMs);
        await storeBatch({ atMs: nowMs - minutes * minuteMs, pipeline: 'edge', batch });
        // Of a pipeline that it does not take.
        await storeBatch({ atMs: nowMs - minutes * minuteMs, pipeline: 'other', batch: batch + 1 });
        if (minutes === 30 || !isBad)
          await run(
            `INSERT INTO shipments (destination, batch, attempt, state, at) SELECT 'archive', {batch:UInt64}, 1, 'shipped', now64(3)`,
            { batch },
          );
      }
    },
  },
};

test('each alert of the pack has data that fires it, and a definition', () => {
  expect(Object.keys(trials).sort()).toEqual(starterPack.map(({ name }) => name).sort());
  for (const { description } of starterPack) expect(description).toMatch(/\w{3}.*\.$/s);
});

describe.each(starterPack.map((alert, index) => [alert.name, alert, index] as const))('%s', (name, alert, index) => {
  const fires = async (week: number, isBad: boolean) => {
    const nowMs = weekOf(week);
    await trials[name]?.store(nowMs, isBad);
    const { delayMs, overMs, everyMs, forMs } = alert;
    // The first whose range lies within the minutes of the data, and for the others how long it must hold.
    const fromMs = delayMs === 0 ? nowMs : Math.ceil((nowMs + delayMs + overMs) / everyMs) * everyMs;
    const options = { engine: scratch.store.engine, maintenance: [], signal: new AbortController().signal };
    const { entries, evaluations, problems } = await backtest(alert, { fromMs, toMs: fromMs + forMs }, options);
    expect(evaluations).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    return entries.filter(({ message }) => message?.status === 'firing').map(({ instance }) => instance);
  };

  test('fires, and does not with a little less', async () => {
    expect(await fires(2 * index, true)).toEqual([trials[name]?.instance]);
    expect(await fires(2 * index + 1, false)).toEqual([]);
  });
});
