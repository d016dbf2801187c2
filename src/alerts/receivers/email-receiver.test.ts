import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { firing, resolved } from '../test-doubles/messages.ts';
import { createEmailReceiver, type EmailOptions } from './email-receiver.ts';

const { signal } = new AbortController();

/** A mail server that keeps what it is sent. */
async function startServer(options: SMTPServerOptions = {}) {
  const mails: { readonly to: string[]; readonly content: string }[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    ...options,
    async onData(stream, { envelope }, done) {
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), content: await text(stream) });
      done();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(resolve)));
  return { mails, port: (server.server.address() as AddressInfo).port };
}

function receiver(port: number, options: Partial<EmailOptions> = {}) {
  const addresses = { from: 'tailrace@example.com', to: ['one@example.com', 'two@example.com'] };
  return createEmailReceiver({ host: '127.0.0.1', port, tls: 'none', timeoutMs: 10_000, ...addresses, ...options });
}

test('mail has the summary as subject, all facts as text, and the key as its id; one instance is one thread', async () => {
  const { mails, port } = await startServer();
  expect(await receiver(port).check(signal)).toEqual([]);
  expect(mails).toEqual([]);
  expect(await receiver(port).deliver(firing, signal)).toEqual({ kind: 'taken' });
  expect(await receiver(port).deliver(resolved, signal)).toEqual({ kind: 'taken' });
  expect(mails.map(({ to }) => to)).toEqual(Array(2).fill(['one@example.com', 'two@example.com']));
  const [first = '', second = ''] = mails.map(({ content }) => content);
  expect(first).toContain('Message-ID: <errors-0123456789abcdef-1795820550000-firing@tailrace>');
  for (const content of [first, second]) expect(content).toContain('References: <0123456789abcdef@tailrace>');
  expect(first.replaceAll('\r\n ', ' ')).toContain(`Subject: ${firing.summary}`);
  expect(first).toMatch(/Threshold: 0\.05.*path \/checkout: 80 % of the change.*https:\/\/logs\.example\.com/s);
});

test('nothing of a log becomes a header', async () => {
  const { mails, port } = await startServer();
  const message = { ...firing, summary: 'fires for host=a\r\nBcc: evil@example.com\r\n\r\nbody' };
  expect(await receiver(port).deliver(message, signal)).toEqual({ kind: 'taken' });
  expect(mails[0]?.to).toEqual(['one@example.com', 'two@example.com']);
  const [headers = ''] = mails[0]?.content.split('\r\n\r\n') ?? [];
  expect(headers).toContain('Subject: ');
  expect(headers).not.toMatch(/^Bcc:/m);
});

test('what stays refused is told with a remedy: a login, an address, a server without TLS', async () => {
  const auth = { disabledCommands: ['STARTTLS'], authOptional: false, allowInsecureAuth: true };
  const refusing = await startServer({ ...auth, onAuth: (_auth, _session, done) => done(new Error('no such user')) });
  const login = { user: 'me', password: 'secret-of-mine' };
  const outcome = await receiver(refusing.port, login).deliver(firing, signal);
  expect(await receiver(refusing.port, login).check(signal)).toEqual([
    expect.stringMatching(/check user and password$/),
  ]);
  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/check user and password$/) });
  expect(JSON.stringify(outcome)).not.toContain('secret-of-mine');

  const picky = await startServer({
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('two') ? Object.assign(new Error('unknown'), { responseCode: 550 }) : null),
  });
  const half = await receiver(picky.port).deliver(firing, signal);
  expect(half).toMatchObject({ kind: 'refused', reason: expect.stringContaining('refuses two@example.com') });
  expect(picky.mails, 'the others have it').toHaveLength(1);

  const plain = await receiver(picky.port, { tls: 'starttls' }).deliver(firing, signal);
  expect(plain).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/check tls and port$/) });
});

test('a server that is away, hangs or is busy is asked again', async () => {
  const sockets = new Set<Socket>();
  const hanging = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const { port } = hanging.address() as AddressInfo;
  const late = await receiver(port, { timeoutMs: 300 }).deliver(firing, signal);
  expect(late.kind).toBe('later');
  const ending = new AbortController();
  const delivering = receiver(port).deliver(firing, ending.signal);
  ending.abort(new Error('the test ends it'));
  await expect(delivering).rejects.toThrow('the test ends it');
  for (const socket of sockets) socket.destroy();
  hanging.close();
  await once(hanging, 'close');
  expect((await receiver(port).deliver(firing, signal)).kind).toBe('later');

  const busy = await startServer({
    onMailFrom: (_address, _session, done) => done(Object.assign(new Error('later'), { responseCode: 451 })),
  });
  expect((await receiver(busy.port).deliver(firing, signal)).kind).toBe('later');
});
