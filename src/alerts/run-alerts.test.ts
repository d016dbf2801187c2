import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { readDead, replayDead } from '../deliveries/delivery-book.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import type { Alert } from './alert.ts';
import { type AlertBook, readActive, readHistory, readLastEvaluations } from './alert-book.ts';
import type { NamedReceiver } from './alert-plan.ts';
import { AlertRounds } from './evaluate-rounds.ts';
import type { Message } from './message.ts';
import { createWebhookReceiver } from './receivers/webhook-receiver.ts';
import { Alerts } from './run-alerts.ts';
import { addSilence, endSilence } from './silence-book.ts';
import { alertDefaults } from './starter-pack.ts';

vi.mock('../waiting/backoff.ts', () => ({ backoffMs: () => 1 }));

const minuteMs = 60_000;
let scratch: ScratchStore;
let book: AlertBook;
const { signal } = new AbortController();

beforeAll(async () => {
  scratch = await ScratchStore.open();
  book = { engine: scratch.store.engine, worker: '' };
});
afterAll(() => scratch?.close());

/** The minute in which the tests begin. */
const baseMs = Math.floor(Date.now() / minuteMs) * minuteMs;
const atMinute = (minutes: number) => baseMs + minutes * minuteMs;

/** Fires for what a table says, which a test changes. */
async function makeAlert(name: string, more: Partial<Alert> = {}): Promise<Alert> {
  return {
    ...alertDefaults,
    name,
    sql: `SELECT count() AS value FROM events WHERE name = '${name}' AND at >= {from} AND at < {to}`,
    condition: { type: 'threshold', above: 0 },
    overMs: minuteMs,
    delayMs: 0,
    keepFiringMs: 0,
    ...more,
  };
}
const happen = (name: string, atMs: number) =>
  book.engine.run({
    sql: 'INSERT INTO events (at, name, origin) SELECT {at:DateTime64(3)}, {name:String}, {name:String}',
    params: { at: new Date(atMs), name },
  });

interface Sent {
  readonly status: string;
  readonly key: string;
  readonly alert: string;
}

/** Answers as it is told to, one after the other; the last answer stays. 0: cuts the connection, -1: never answers. */
async function startReceiver(...answers: number[]) {
  const sent: Sent[] = [];
  const server: Server = createServer(async (request, response) => {
    const { status, key, alert } = JSON.parse(await text(request)) as Message;
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    sent.push({ status, key, alert });
    if (answer === -1) return;
    if (!answer) return request.socket.destroy();
    response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function receiverAt(name: string, url: string, giveUpAfterMs = 3_600_000): NamedReceiver {
  return { name, type: 'webhook', giveUpAfterMs, receiver: createWebhookReceiver({ url, timeoutMs: 10_000 }) };
}

const open = (alerts: readonly Alert[], maintenance = []) =>
  AlertRounds.open(
    book,
    { alerts, receivers: [], maintenance },
    { counts: { evaluations: 0, failures: 0 }, onEvent: () => {} },
  );

async function deliverTo(
  receivers: readonly NamedReceiver[],
  until: () => boolean | Promise<boolean>,
): Promise<Alerts> {
  const alerts = new Alerts({ engine: book.engine, onEvent: () => {} }, { alerts: [], receivers, maintenance: [] });
  await vi.waitFor(async () => expect(await until()).toBe(true), { timeout: 60_000, interval: 20 });
  await alerts.stop();
  return alerts;
}

test('what fired before a kill is told after it, once for each key, in order', async () => {
  const alert = await makeAlert('killed', { notify: ['hook'] });
  await happen('killed', atMinute(-3.5));
  const rounds = await open([alert]);
  // The process ends between the transition and what tells of it.
  expect(await rounds.evaluateDue(atMinute(-3), signal)).toBe(true);
  expect(await readActive(book.engine)).toMatchObject([
    { alert: 'killed', phase: 'firing', isAnnounced: true, value: 1 },
  ]);
  // The next one makes up for what was missed: it is resolved, as of the minute in which it was.
  await (await open([alert])).evaluateDue(atMinute(0), signal);
  const [resolved] = await readHistory(book.engine, 'killed', 10);
  expect(resolved).toMatchObject({ phase: 'resolved', announce: 'resolved', atMs: atMinute(-2) });
  const { sent, url } = await startReceiver(500, 0, 200);
  const hook = receiverAt('hook', url);
  await deliverTo([hook], () => sent.length >= 4);
  expect(sent.map(({ status }) => status)).toEqual(['firing', 'firing', 'firing', 'resolved']);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(2);
  // Acknowledged: nothing comes again.
  const { sent: again, url: other } = await startReceiver(200);
  const later = new Alerts(
    { engine: book.engine, onEvent: () => {} },
    { alerts: [], receivers: [receiverAt('hook', other)], maintenance: [] },
  );
  await vi.waitFor(() => expect(later.status.state).toBe('running'), { timeout: 60_000 });
  await later.stop();
  expect(again).toEqual([]);
});

test('a message that is refused, or waits for too long, is a dead letter, which can be sent again', async () => {
  const alert = await makeAlert('dead', { notify: ['refuses', 'breaks', 'works'] });
  await happen('dead', atMinute(-0.5));
  await (await open([alert])).evaluateDue(atMinute(0), signal);
  const refuses = await startReceiver(404, 200);
  const breaks = await startReceiver(500, 500, 200);
  const works = await startReceiver(200);
  const receivers = [
    receiverAt('refuses', refuses.url),
    receiverAt('breaks', breaks.url, 0),
    receiverAt('works', works.url),
  ];
  const dead = async () => (await readDead(book.engine, 'alert_deliveries', 10)).map(({ receiver }) => receiver).sort();
  const alerts = await deliverTo(receivers, async () => (await dead()).length === 2 && works.sent.length === 1);
  expect(await readDead(book.engine, 'alert_deliveries', 10)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        receiver: 'refuses',
        attempts: 1,
        problem: expect.stringMatching(/it answered 404; check the path/),
      }),
      expect.objectContaining({ receiver: 'breaks', problem: expect.stringMatching(/it answered 500/) }),
    ]),
  );
  expect(alerts.status.deliveries.get('refuses')).toMatchObject({ dead: 1, delivered: 0 });
  expect(await replayDead(book.engine, 'alert_deliveries', (receiver) => receiver === 'refuses')).toBe(1);
  await deliverTo(receivers, () => refuses.sent.length === 2);
  expect(await dead()).toEqual(['breaks']);
  expect(works.sent.length).toBe(1);
});

test('a receiver that never answers keeps no other waiting', async () => {
  const hangs = await startReceiver(-1);
  const works = await startReceiver(200);
  const never = createWebhookReceiver({ url: hangs.url, timeoutMs: 600_000 });
  const receivers = [{ ...receiverAt('hangs', hangs.url), receiver: never }, receiverAt('works', works.url)];
  const told = new Alerts({ engine: book.engine, onEvent: () => {} }, { alerts: [], receivers, maintenance: [] });
  onTestFinished(() => told.stop());
  for (const count of [1, 2]) {
    const alert = await makeAlert(`waiting ${count}`, { notify: ['hangs', 'works'] });
    await happen(alert.name, atMinute(-0.5));
    await (await open([alert])).evaluateDue(atMinute(0), signal);
    told.wake();
    await vi.waitFor(() => expect([works.sent.length, hangs.sent.length]).toEqual([count, 1]), {
      timeout: 60_000,
      interval: 20,
    });
  }
});

test('a silence keeps it from being told until it ends', async () => {
  const alert = await makeAlert('silenced', {
    notify: ['hook'],
    labels: ['host'],
    sql: "SELECT 'a' AS host, 1 AS value",
  });
  const wide = { startsAtMs: 0, endsAtMs: atMinute(60), author: 'me', comment: 'known' };
  const { id } = await addSilence(book.engine, { ...wide, matchers: ['alert=silenced', 'host=a*'] });
  await addSilence(book.engine, { ...wide, matchers: ['alert=silenced', 'host=b'] });
  const rounds = await open([alert]);
  expect(await rounds.evaluateDue(atMinute(-2), signal)).toBe(false);
  expect(await readActive(book.engine)).toContainEqual(
    expect.objectContaining({
      alert: 'silenced',
      phase: 'firing',
      labels: { host: 'a' },
      suppressedBy: `silence ${id}`,
      isAnnounced: false,
    }),
  );
  expect(await endSilence(book.engine, id)).toBe(true);
  expect(await endSilence(book.engine, 'other')).toBe(false);
  // By now it has ended; at the time of an earlier evaluation it had not.
  expect(await rounds.evaluateDue(Date.now() + minuteMs, signal)).toBe(true);
});

test('an alert is not told while one that it depends on fires', async () => {
  const cause = await makeAlert('cause', { sql: 'SELECT 1 AS value', notify: ['hook'] });
  const effect = await makeAlert('effect', { sql: 'SELECT 1 AS value', notify: ['hook'], dependsOn: ['cause'] });
  await (await open([effect, cause])).evaluateDue(atMinute(0), signal);
  const [told] = await readHistory(book.engine, 'effect', 1);
  expect(told).toMatchObject({ phase: 'firing', announce: '', suppressedBy: 'cause fires', message: null });
});

test('an alert that cannot be evaluated is told of, and keeps its state and the others', async () => {
  const told: string[] = [];
  const bad = await makeAlert('bad', { sql: 'SELECT * FROM file({from})' });
  const good = await makeAlert('good', { sql: 'SELECT 1 AS value' });
  const wide = await makeAlert('wide', {
    sql: 'SELECT toString(number) AS host, number AS value FROM numbers(50)',
    labels: ['host'],
    maxGroups: 2,
  });
  const counts = { evaluations: 0, failures: 0 };
  const rounds = await AlertRounds.open(
    book,
    { alerts: [bad, good, wide], receivers: [], maintenance: [] },
    { counts, onEvent: (text) => told.push(text) },
  );
  await rounds.evaluateDue(atMinute(-1), signal);
  await rounds.evaluateDue(atMinute(0), signal);
  expect(counts).toEqual({ evaluations: 6, failures: 2 });
  expect(told).toEqual([
    expect.stringMatching(/^bad: it cannot be evaluated: .*file/),
    expect.stringMatching(/^wide: it has 50 groups, of which the 2 with the greatest deviation/),
  ]);
  const last = await readLastEvaluations(book.engine, 0);
  expect(last.get('bad')).toMatchObject({ atMs: atMinute(0), problem: expect.stringMatching(/file/) });
  expect(last.get('wide')).toMatchObject({ value: 49, groups: 2, met: 2 });
});

test('late lines are no absence, and no lines are', async () => {
  const alert = await makeAlert('no-data', {
    sql: 'SELECT 1 AS value FROM requests WHERE time >= {from} AND time < {to} LIMIT 1',
    condition: { type: 'absence', by: 'event' },
    overMs: 5 * minuteMs,
  });
  const rounds = await open([alert]);
  await book.engine.run({
    sql: `INSERT INTO ledger (batch, object, origin, lines, rows, last_time, stored_at)
          SELECT 1, 1, 'late', 1, 1, {last:DateTime64(3)}, {stored:DateTime64(3)}`,
    params: { last: new Date(atMinute(-30)), stored: new Date(atMinute(-8.5)) },
  });
  await rounds.evaluateDue(atMinute(-5), signal);
  expect((await readLastEvaluations(book.engine, 0)).get('no-data')?.problem).toMatch(/lines arrive 1500 s late/);
  expect(await readHistory(book.engine, 'no-data', 1)).toEqual([]);
  await rounds.evaluateDue(atMinute(-3), signal);
  expect(await readHistory(book.engine, 'no-data', 1)).toMatchObject([{ phase: 'firing', atMs: atMinute(-3) }]);
});

test('after a long stop, and after the clock was set back, it goes on from now', async () => {
  const alert = await makeAlert('clock', { sql: 'SELECT 0 AS value' });
  const timesOf = async () =>
    (
      await book.engine.rows<{ count: number }>({
        sql: "SELECT uniqExact(at) AS count FROM alert_evaluations WHERE alert = 'clock'",
      })
    )[0]?.count;
  await (await open([alert])).evaluateDue(atMinute(-6000), signal);
  await (await open([alert])).evaluateDue(atMinute(0), signal);
  expect(await timesOf()).toBe(61);
  const rounds = await open([alert]);
  await rounds.evaluateDue(atMinute(-3000), signal);
  await rounds.evaluateDue(atMinute(-2999), signal);
  expect(await timesOf()).toBe(63);
});
