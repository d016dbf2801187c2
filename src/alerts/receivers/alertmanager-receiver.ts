import { checkWebhook } from '../../webhooks/check-webhook.ts';
import { sendWebhook, type WebhookOptions } from '../../webhooks/send-webhook.ts';
import { changesOf } from './message-text.ts';
import type { Receiver } from './receiver.ts';

/** What Alertmanager has for an alert that has not ended. */
const noEnd = '0001-01-01T00:00:00Z';

/**
 * What a receiver of Alertmanager's webhooks takes, version 4 of its payload:
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * @param name of the receiver
 */
export function createAlertmanagerReceiver({ name, ...options }: WebhookOptions & { readonly name: string }): Receiver {
  return {
    check: (signal) => checkWebhook(options, signal),
    deliver(message, signal) {
      const { alert, status, severity, summary, description, fingerprint, startsAt, endsAt, link } = message;
      const labels = { ...message.labels, alertname: alert, severity };
      const numbers = { value: message.value, threshold: message.threshold, baseline: message.baseline };
      const known = Object.entries(numbers).flatMap(([key, number]) =>
        number === null ? [] : [[key, String(number)]],
      );
      const changes = changesOf(message).join('\n');
      const annotations = {
        summary,
        description,
        ...Object.fromEntries(known),
        ...(changes === '' ? {} : { changes }),
      };
      const externalURL = link === null ? '' : new URL(link).origin;
      const one = {
        status,
        labels,
        annotations,
        startsAt,
        endsAt: endsAt ?? noEnd,
        generatorURL: link ?? '',
        fingerprint,
      };
      const body = {
        version: '4',
        groupKey: `{}:{alertname="${alert}",fingerprint="${fingerprint}"}`,
        truncatedAlerts: 0,
        status,
        receiver: name,
        groupLabels: labels,
        commonLabels: labels,
        commonAnnotations: annotations,
        externalURL,
        alerts: [one],
      };
      return sendWebhook(options, { id: message.key, body }, signal);
    },
  };
}
