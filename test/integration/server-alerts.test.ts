import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { readActive, readHistory, readLastEvaluations } from '../../src/alerts/alert-book.ts';
import type { NamedReceiver } from '../../src/alerts/alert-plan.ts';
import { AlertRounds } from '../../src/alerts/evaluate-rounds.ts';
import type { Message } from '../../src/alerts/message.ts';
import { createWebhookReceiver } from '../../src/alerts/receivers/webhook-receiver.ts';
import { Alerts } from '../../src/alerts/run-alerts.ts';
import { addSilence, endSilence } from '../../src/alerts/silence-book.ts';
import { alertDefaults, starterPack } from '../../src/alerts/starter-pack.ts';
import { readDead, replayDead } from '../../src/deliveries/delivery-book.ts';
import { startWorker, type Worker } from '../../src/ledger/worker.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { patienceMs } from '../patience.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.warn('skipped: alerts in a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

const minuteMs = 60_000;
const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;

describe.skipIf(!url)('alerts in a ClickHouse server', () => {
  const database = `tailrace_alerts_${process.pid}`;
  const admin = createClient(url === undefined ? {} : { url });
  const { signal } = new AbortController();
  let store: Store;
  let worker: Worker;

  beforeAll(async () => {
    // Its tables for enrichment serve stores in other databases too.
    await (await openStore({ url: url ?? '' })).close();
    store = await openStore({ url: url ?? '', database });
    worker = await startWorker(store.engine);
  });

  afterAll(async () => {
    worker.stop();
    await store.close();
    await admin.command({ query: `DROP DATABASE IF EXISTS ${database}` });
    await admin.command({ query: `DROP USER IF EXISTS tailrace_question_${database}` });
    await admin.close();
  });

  const book = () => ({ engine: store.engine, worker: worker.id });
  const open = (alerts: readonly Alert[]) =>
    AlertRounds.open(
      book(),
      { alerts, receivers: [], maintenance: [] },
      { counts: { evaluations: 0, failures: 0 }, onEvent: () => {} },
    );
  /** As SQL says at each evaluation. */
  const alertOf = (name: string, sql: string): Alert => ({
    ...alertDefaults,
    ...{ name, sql, condition: { type: 'threshold', above: 1 }, delayMs: 0, keepFiringMs: 0, notify: ['hook'] },
  });
  const runAlerts = (receivers: readonly NamedReceiver[]) => {
    const alerts = new Alerts(
      { engine: store.engine, worker, onEvent: () => {} },
      { alerts: [], receivers, maintenance: [] },
    );
    onTestFinished(() => alerts.stop());
    return alerts;
  };
  const waitFor = (look: () => Promise<void> | void) => vi.waitFor(look, { timeout: patienceMs, interval: 50 });

  async function startReceiver(...answers: number[]) {
    const sent: { readonly status: string; readonly key: string }[] = [];
    const server = createServer(async (request, response) => {
      const { status, key } = JSON.parse(await text(request)) as Message;
      sent.push({ status, key });
      response.writeHead((answers.length > 1 ? answers.shift() : answers[0]) ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const receiver = createWebhookReceiver({ url: address, timeoutMs: 10_000 });
    return { sent, hook: { name: 'hook', type: 'webhook', giveUpAfterMs: 3_600_000, receiver } };
  }

  test('the starter pack is evaluated without a problem', async () => {
    await (await open(starterPack)).evaluateDue(nowMs, signal);
    const last = await readLastEvaluations(store.engine, 0);
    expect([...last.keys()].sort()).toEqual(starterPack.map(({ name }) => name).sort());
    for (const [name, { problem }] of last) expect([name, problem]).toEqual([name, '']);
  });

  test('one that fires is told, is resolved after a restart, and is told once for each transition', async () => {
    const lastMinute = `SELECT if({from} <= toDateTime(${(nowMs - 5.5 * minuteMs) / 1000}, 'UTC'), 2, 0) AS value`;
    const alert = alertOf('restarted', lastMinute);
    await (await open([alert])).evaluateDue(nowMs - minuteMs, signal);
    expect(await readActive(store.engine)).toContainEqual(
      expect.objectContaining({ alert: 'restarted', phase: 'firing', value: 2 }),
    );
    await (await open([alert])).evaluateDue(nowMs, signal);
    expect((await readHistory(store.engine, 'restarted', 1))[0]).toMatchObject({ phase: 'resolved', atMs: nowMs });
    const { sent, hook } = await startReceiver(500, 200);
    await waitForSent(runAlerts([hook]), () => sent.length === 3);
    expect(sent.map(({ status }) => status)).toEqual(['firing', 'firing', 'resolved']);
    const again = await startReceiver(200);
    const later = runAlerts([again.hook]);
    await waitFor(() => expect(later.status.state).toBe('running'));
    await later.stop();
    expect(again.sent).toEqual([]);
  });

  test('a silence keeps it from being told until it ends', async () => {
    const alert = { ...alertOf('silenced', "SELECT 'a' AS host, 2 AS value"), labels: ['host'] };
    const wide = { startsAtMs: 0, endsAtMs: nowMs + 60 * minuteMs, author: 'me', comment: 'known' };
    const { id } = await addSilence(store.engine, { ...wide, matchers: ['alert=silenced', 'host=a*'] });
    const rounds = await open([alert]);
    expect(await rounds.evaluateDue(nowMs - minuteMs, signal)).toBe(false);
    expect(await readActive(store.engine)).toContainEqual(
      expect.objectContaining({ alert: 'silenced', labels: { host: 'a' }, suppressedBy: `silence ${id}` }),
    );
    expect(await endSilence(store.engine, id)).toBe(true);
    expect(await rounds.evaluateDue(Date.now() + minuteMs, signal)).toBe(true);
  });

  test('a message that is refused is a dead letter, which is sent again on demand', async () => {
    await (await open([alertOf('refused', 'SELECT 2 AS value')])).evaluateDue(nowMs, signal);
    const { sent, hook } = await startReceiver(404, 404, 200);
    const alerts = runAlerts([hook]);
    await waitFor(async () => expect((await readDead(store.engine, 'alert_deliveries', 10)).length).toBeGreaterThan(0));
    const dead = await readDead(store.engine, 'alert_deliveries', 10);
    const before = sent.length;
    expect(dead[0]).toMatchObject({ receiver: 'hook', problem: expect.stringMatching(/it answered 404/) });
    expect(await replayDead(store.engine, 'alert_deliveries', (receiver) => receiver === 'hook')).toBeGreaterThan(0);
    alerts.wake();
    await waitFor(() => expect(sent.length).toBeGreaterThan(before));
    await waitFor(async () => expect(await readDead(store.engine, 'alert_deliveries', 10)).toEqual([]));
  });

  async function waitForSent(alerts: Alerts, isDone: () => boolean): Promise<void> {
    await waitFor(() => expect(isDone()).toBe(true));
    await waitFor(() => expect(alerts.status.deliveries.get('hook')?.waiting).toBe(0));
    await alerts.stop();
  }
});
