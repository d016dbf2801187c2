import { setTimeout } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { SendOutcome } from '../../webhooks/send-webhook.ts';
import type { Message } from '../message.ts';
import { textOf } from './message-text.ts';
import type { Receiver } from './receiver.ts';

export interface EmailOptions {
  readonly host: string;
  readonly port: number;
  /** `starttls`: begins in plain text, and must change to TLS before anything is told. */
  readonly tls: 'starttls' | 'implicit' | 'none';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

type Transport = ReturnType<typeof createTransport>;

/** A text by SMTP. Its `Message-ID` is the key of the message; those of one instance are one thread. */
export function createEmailReceiver(options: EmailOptions): Receiver {
  return {
    async check() {
      const transport = openTransport(options);
      const { host, port } = options;
      try {
        await transport.verify();
        return [];
      } catch (cause) {
        const outcome = judge(cause as SmtpError, (why) => `cannot send mail by "${host}:${port}": ${why}`);
        return outcome.kind === 'taken' ? [] : [outcome.reason];
      } finally {
        transport.close();
      }
    },
    async deliver(message, signal) {
      const transport = openTransport(options);
      const ended = new AbortController();
      const waiting = AbortSignal.any([signal, ended.signal]);
      try {
        return await Promise.race([send(transport, options, message), late(options, waiting)]);
      } finally {
        ended.abort();
        transport.close();
        signal.throwIfAborted();
      }
    },
  };
}

function openTransport({ host, port, tls, user, password, timeoutMs }: EmailOptions): Transport {
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
  });
}

async function send(transport: Transport, options: EmailOptions, message: Message): Promise<SendOutcome> {
  const { host, port, from, to } = options;
  const tell = (why: string) => `cannot send mail by "${host}:${port}": ${why}`;
  try {
    const thread = idOf(message.fingerprint);
    const { rejected } = await transport.sendMail({
      from,
      to: [...to],
      subject: message.summary.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '),
      text: textOf(message),
      messageId: idOf(message.key),
      inReplyTo: thread,
      references: thread,
      // Nothing in a message names a file or an address whose content is sent.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    if (rejected.length === 0) return { kind: 'taken' };
    const names = rejected.map((one) => (typeof one === 'string' ? one : one.address)).join(', ');
    return { kind: 'refused', reason: tell(`it refuses ${names}; check the address`) };
  } catch (cause) {
    return judge(cause as SmtpError, tell);
  }
}

/** What nodemailer adds: https://nodemailer.com/errors */
type SmtpError = Error & { readonly code?: string; readonly responseCode?: number };

/** Codes of RFC 5321: 4yz may change, 5yz stays. */
function judge({ code, responseCode = 0, message }: SmtpError, tell: (why: string) => string): SendOutcome {
  const why = message.replaceAll(/\s+/g, ' ').slice(0, 300);
  if (code === 'EAUTH') return { kind: 'refused', reason: tell(`${why}; check user and password`) };
  if (code === 'ETLS') return { kind: 'refused', reason: tell(`${why}; check tls and port`) };
  if (responseCode >= 500) return { kind: 'refused', reason: tell(`${why}; check from and to`) };
  return { kind: 'later', reason: tell(`${why}; see that it runs`) };
}

async function late({ host, port, timeoutMs }: EmailOptions, signal: AbortSignal): Promise<SendOutcome> {
  await setTimeout(timeoutMs, undefined, { signal }).catch(() => {});
  const reason = `cannot send mail by "${host}:${port}": it took more than ${timeoutMs / 1000} s; raise timeout`;
  return { kind: 'later', reason };
}

function idOf(key: string): string {
  return `<${encodeURIComponent(key)}@tailrace>`;
}
