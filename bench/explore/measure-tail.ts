import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../classic-queries.ts';
import type { Finding } from '../findings.ts';
import type { RunningServer } from '../tailrace-process.ts';

/** One request in each of these intervals, with its share of the events. */
const requestMs = 100;
/** In one event of each request: the tail shows this one, so that each is measured and none left out. */
const mark = 'tailprobe';

interface Shown {
  readonly batch: string;
  readonly atMs: number;
}

/**
 * Posts events at a steady rate, and follows them with a live tail whose filter takes one of each request: from when the batch
 * of an event was recorded as stored to when its row has arrived at the reader.
 */
export async function measureTail(server: RunningServer, rate: number, seconds: number): Promise<Finding> {
  const leaving = new AbortController();
  const shown: Shown[] = [];
  const tail = await fetch(`${server.address}/api/explore/logs/tail?q=${mark}&columns=message`, {
    signal: leaving.signal,
  });
  const reading = readTail(tail, (rows) => shown.push(...rows)).catch((cause: unknown) => {
    if (!leaving.signal.aborted) throw cause;
  });
  const cpuBefore = server.cpuSeconds();
  const sent = await postEvents(server, rate, seconds);
  const cpu = (server.cpuSeconds() - cpuBefore) / seconds;
  for (let waitedMs = 0; shown.length < sent && waitedMs < 30_000; waitedMs += requestMs) await sleep(requestMs);
  leaving.abort();
  await reading;
  if (shown.length !== sent) throw new Error(`cannot trust the tail: it showed ${shown.length} of ${sent} events`);
  const storedMs = await readStored(server);
  const lags = shown.map(({ batch, atMs }) => atMs - (storedMs.get(batch) ?? Number.NaN)).sort((a, b) => a - b);
  const percentile = (share: number) => lags[Math.ceil(lags.length * share) - 1] ?? Number.NaN;
  return {
    name: `live tail at ${rate} events/s: stored until shown, p99`,
    value: percentile(0.99),
    unit: 'ms',
    target: { atMost: 1000 },
    from: `${lags.length} events of ${rate * seconds}; median ${median(lags).toFixed(0)} ms, greatest ${percentile(1).toFixed(0)} ms; the server used ${cpu.toFixed(2)} CPU s a second`,
  };
}

async function postEvents(server: RunningServer, rate: number, seconds: number): Promise<number> {
  const each = Math.max(1, Math.round((rate * requestMs) / 1000));
  const count = Math.round((seconds * 1000) / requestMs);
  const startedMs = performance.now();
  const posts: Promise<void>[] = [];
  for (let number = 0; number < count; number++) {
    await sleep(Math.max(0, startedMs + number * requestMs - performance.now()));
    const time = new Date().toISOString();
    const lines = Array.from({ length: each }, (_, index) =>
      JSON.stringify({ time, level: 'info', message: `${index === 0 ? mark : 'event'} ${number}`, index }),
    );
    posts.push(post(server, lines.join('\n')));
  }
  await Promise.all(posts);
  return count;
}

async function post({ address }: RunningServer, body: string): Promise<void> {
  const answer = await fetch(`${address}/ingest/ndjson?service=bench`, { method: 'POST', body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`cannot store events: ${text}`);
}

async function readTail(answer: Response, onRows: (rows: Shown[]) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
    const atMs = Date.now();
    text += decoder.decode(piece, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (!block.startsWith('event: rows')) continue;
      const { rows } = JSON.parse(block.slice(block.indexOf('data: ') + 6)) as { rows: { row: string }[] };
      onRows(rows.map(({ row }) => ({ batch: row.split('-')[1] ?? '', atMs })));
    }
  }
}

/** By batch: when it was recorded as stored, epoch ms. */
async function readStored(server: RunningServer): Promise<Map<string, number>> {
  const sql =
    'SELECT toString(batch) AS batch, toUnixTimestamp64Milli(max(stored_at)) AS ms FROM ledger GROUP BY batch';
  const { text } = await server.timeRequest('/api/query', { sql, format: 'json' });
  const { data } = JSON.parse(text) as { data: { batch: string; ms: string | number }[] };
  return new Map(data.map(({ batch, ms }) => [batch, Number(ms)]));
}
