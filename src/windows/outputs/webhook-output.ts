import { type SendOutcome, sendWebhook, type WebhookOptions } from '../../webhooks/send-webhook.ts';
import type { WindowOutput } from './window-output.ts';

/** A receiver did not take a window now. */
export class NotTakenError extends Error {
  readonly outcome: SendOutcome;

  constructor(reason: string, outcome: SendOutcome) {
    super(reason);
    this.outcome = outcome;
  }
}

/** One signed POST for each window, whose number is in its key: a receiver that ignores known keys has each window once. */
export function createWebhookOutput(options: WebhookOptions): WindowOutput {
  return {
    name: new URL(options.url).origin + new URL(options.url).pathname,
    open: async () => {},
    async send([first], position, signal) {
      if (!first) return position;
      const body = JSON.parse(first.json) as { readonly query: string };
      const outcome = await sendWebhook(options, { id: `window-${body.query}-${first.sequence}`, body }, signal);
      if (outcome.kind !== 'taken') throw new NotTakenError(outcome.reason, outcome);
      return { ...position, sequence: first.sequence };
    },
  };
}
