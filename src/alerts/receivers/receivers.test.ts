import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { Message } from '../message.ts';
import { firing, resolved } from '../test-doubles/messages.ts';
import { createAlertmanagerReceiver } from './alertmanager-receiver.ts';
import { createCommandReceiver } from './command-receiver.ts';
import { createPagerDutyReceiver } from './pagerduty-receiver.ts';
import type { Receiver } from './receiver.ts';
import { createSlackReceiver } from './slack-receiver.ts';

const { signal } = new AbortController();
/** What a receiver at the address is sent for a message. */
async function sentBy(create: (url: string) => Receiver, message: Message, status = 200) {
  const received: { headers: IncomingMessage['headers']; body: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(status).end(`no ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0000/secret-of-the-hook`;
  const outcome = await create(url).deliver(message, signal);
  return { outcome, received, body: received[0]?.body };
}

test('Slack: text, colour and fields, in which nothing of a log mentions anybody', async () => {
  const create = (url: string) => createSlackReceiver({ url, timeoutMs: 10_000 });
  const { outcome, received, body } = await sentBy(create, firing);
  expect(outcome).toEqual({ kind: 'taken' });
  expect(received[0]?.headers['idempotency-key']).toBe(firing.key);
  expect(JSON.stringify(body)).not.toContain('<!channel>');
  expect(body).toMatchObject({
    text: expect.stringContaining('host=&lt;!channel&gt; &amp; co'),
    attachments: [
      {
        color: '#d00000',
        title_link: firing.link,
        text: 'Share of failed requests\n• path /checkout: 80 % of the change, 120 requests instead of 3',
        fields: expect.arrayContaining([{ title: 'Threshold', value: '0.05', short: true }]),
        ts: 1795816800,
      },
    ],
  });
  expect((await sentBy(create, resolved)).body).toMatchObject({ attachments: [{ color: '#2eb67d' }] });
  const refused = await sentBy(create, firing, 404);
  expect(refused.outcome).toMatchObject({ kind: 'refused', reason: expect.not.stringContaining('secret-of-the-hook') });
});

test('Alertmanager: every member that version 4 of its payload has', async () => {
  const create = (url: string) => createAlertmanagerReceiver({ name: 'am', url, timeoutMs: 10_000 });
  const { body } = await sentBy(create, firing);
  const labels = { alertname: 'errors', severity: 'critical', host: '<!channel> & co' };
  const annotations = {
    summary: firing.summary,
    description: firing.description,
    value: '0.12',
    threshold: '0.05',
    changes: 'path /checkout: 80 % of the change, 120 requests instead of 3',
  };
  expect(body).toEqual({
    version: '4',
    groupKey: '{}:{alertname="errors",fingerprint="0123456789abcdef"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'am',
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'https://logs.example.com',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations,
        startsAt: firing.startsAt,
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: firing.link,
        fingerprint: firing.fingerprint,
      },
    ],
  });
  expect((await sentBy(create, resolved)).body).toMatchObject({
    status: 'resolved',
    alerts: [{ status: 'resolved', endsAt: resolved.endsAt }],
  });
});

test('PagerDuty: trigger and resolve of one incident, and no key in a reason', async () => {
  const routingKey = `${'0'.repeat(31)}7`;
  const create = (url: string) => createPagerDutyReceiver({ routingKey, url, timeoutMs: 10_000 });
  const incident = { routing_key: routingKey, dedup_key: 'tailrace-0123456789abcdef' };
  expect((await sentBy(create, firing, 202)).body).toEqual({
    ...incident,
    event_action: 'trigger',
    client: 'Tailrace',
    client_url: firing.link,
    links: [{ href: firing.link, text: 'Open this range' }],
    payload: {
      summary: firing.summary,
      source: '<!channel> & co',
      severity: 'critical',
      timestamp: firing.startsAt,
      class: 'errors',
      custom_details: {
        description: firing.description,
        labels: firing.labels,
        value: 0.12,
        threshold: 0.05,
        baseline: null,
        changes: firing.changes,
      },
    },
  });
  expect((await sentBy(create, resolved)).body).toEqual({ ...incident, event_action: 'resolve' });
});

test('a command has the message on its input, no shell, and a limited time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'tell');
  writeFileSync(script, `#!/bin/sh\ncat > "$1"\nprintf '%s' "$2" >&2\nexit "$3"\n`);
  chmodSync(script, 0o700);
  const out = join(folder, 'out');
  const run = (...args: string[]) =>
    createCommandReceiver({ command: [script, out, ...args], timeoutMs: 60_000 }).deliver(firing, signal);
  expect(await run('$(touch x); said', '0')).toEqual({ kind: 'taken' });
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(firing);
  const said = `cannot run "${script}": it ended with`;
  expect(await run('no \u001b[31mlamp', '1')).toEqual({ kind: 'later', reason: `${said} 1, "no [31mlamp"; see why` });
  expect(await run('', '75')).toMatchObject({ kind: 'later' });
  expect(await run('', '64')).toEqual({ kind: 'refused', reason: `${said} 64; see why` });
  const of = (command: [string, ...string[]], timeoutMs: number) => createCommandReceiver({ command, timeoutMs });
  expect(await of(['/bin/sh', '-c', 'sleep 60 & sleep 60'], 100).deliver(firing, signal)).toMatchObject({
    kind: 'later',
    reason: expect.stringMatching(/ran for more than 0.1 s and was killed/),
  });
  expect(await of([join(folder, 'none')], 1000).deliver(firing, signal)).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/no such program; check command/),
  });
  const check = (file: string) => of([file], 1000).check(signal);
  expect([await check(script), await check('sh')]).toEqual([[], []]);
  expect(await check('no-such-program')).toEqual([expect.stringMatching(/no such program; check command/)]);
  chmodSync(script, 0o600);
  // For root, what has no right to be executed by anybody is not executable either.
  expect(await check(script)).toEqual([expect.stringMatching(/not executable; see chmod/)]);
  const ending = new AbortController();
  const waiting = of(['/bin/sleep', '60'], 60_000).deliver(firing, ending.signal);
  ending.abort(new Error('stopping'));
  await expect(waiting).rejects.toThrow('stopping');
});
