import { checkWebhook } from '../../webhooks/check-webhook.ts';
import { sendWebhook, type WebhookOptions } from '../../webhooks/send-webhook.ts';
import type { WindowOutput } from './window-output.ts';

/** One signed POST for each window, whose number is in its key: a receiver that ignores known keys has each window once. */
export function createWebhookOutput(options: WebhookOptions & { readonly giveUpAfterMs: number }): WindowOutput {
  return {
    name: new URL(options.url).origin + new URL(options.url).pathname,
    giveUpAfterMs: options.giveUpAfterMs,
    check: (signal) => checkWebhook(options, signal),
    open: async () => {},
    async send([first], signal) {
      if (!first) return { outcomes: [] };
      const body = JSON.parse(first.json) as { readonly query: string };
      return { outcomes: [await sendWebhook(options, { id: `window-${body.query}-${first.sequence}`, body }, signal)] };
    },
  };
}
