import { checkWebhook } from '../../webhooks/check-webhook.ts';
import { sendWebhook, type WebhookOptions } from '../../webhooks/send-webhook.ts';
import type { Receiver } from './receiver.ts';

export interface PagerDutyOptions extends WebhookOptions {
  /** Of an integration of the service: 32 letters and digits. */
  readonly routingKey: string;
}

const mostSummary = 1024;

/** Events of version 2: https://developer.pagerduty.com/docs/send-alert-event */
export function createPagerDutyReceiver({ routingKey, ...written }: PagerDutyOptions): Receiver {
  const options = { ...written, hidden: [routingKey] };
  return {
    check: (signal) => checkWebhook(options, signal),
    deliver(message, signal) {
      const { alert, status, severity, summary, startsAt, link, fingerprint, labels } = message;
      const incident = { routing_key: routingKey, dedup_key: `tailrace-${fingerprint}` };
      const { description, value, threshold, baseline, changes } = message;
      const body =
        status === 'resolved'
          ? { ...incident, event_action: 'resolve' }
          : {
              ...incident,
              event_action: 'trigger',
              client: 'Tailrace',
              ...(link === null ? {} : { client_url: link, links: [{ href: link, text: 'Open this range' }] }),
              payload: {
                summary: summary.slice(0, mostSummary),
                source: labels.host || labels.distribution || 'tailrace',
                severity,
                timestamp: startsAt,
                class: alert,
                custom_details: { description, labels, value, threshold, baseline, changes },
              },
            };
      return sendWebhook(options, { id: message.key, body }, signal);
    },
  };
}
