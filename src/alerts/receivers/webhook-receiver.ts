import { checkWebhook } from '../../webhooks/check-webhook.ts';
import { sendWebhook, type WebhookOptions } from '../../webhooks/send-webhook.ts';
import type { Receiver } from './receiver.ts';

/** POSTs the message as it is, signed. */
export function createWebhookReceiver(options: WebhookOptions): Receiver {
  return {
    deliver: (message, signal) => sendWebhook(options, { id: message.key, body: message }, signal),
    check: (signal) => checkWebhook(options, signal),
  };
}
