import { checkWebhook } from '../../webhooks/check-webhook.ts';
import { sendWebhook, type WebhookOptions } from '../../webhooks/send-webhook.ts';
import { changesOf, factsOf } from './message-text.ts';
import type { Receiver } from './receiver.ts';

const colours = { info: '#439fe0', warning: '#daa038', critical: '#d00000' };
const resolvedColour = '#2eb67d';

/** An incoming webhook of Slack, or of what takes the same attachments: Mattermost, Rocket.Chat, Discord at `/slack`. */
export function createSlackReceiver(written: WebhookOptions): Receiver {
  // The path of the address is what lets one in.
  const hidden = new URL(written.url).pathname.split('/').filter((part) => part.length > 8);
  const options = { ...written, hidden };
  return {
    check: (signal) => checkWebhook(options, signal),
    deliver(message, signal) {
      const changes = changesOf(message).map((line) => `• ${escapeMarks(line)}`);
      const body = {
        text: escapeMarks(message.summary),
        attachments: [
          {
            color: message.status === 'resolved' ? resolvedColour : colours[message.severity],
            fallback: escapeMarks(message.summary),
            title: escapeMarks(`${message.alert}: ${message.status}`),
            ...(message.link === null ? {} : { title_link: message.link }),
            text: [escapeMarks(message.description), ...changes].join('\n'),
            fields: factsOf(message).map(([title, value]) => ({
              title: escapeMarks(title),
              value: escapeMarks(value),
              short: true,
            })),
            ts: Math.floor(Date.parse(message.endsAt ?? message.startsAt) / 1000),
          },
        ],
      };
      return sendWebhook(options, { id: message.key, body }, signal);
    },
  };
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping: so that no log line mentions everybody. */
function escapeMarks(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
