import { z } from 'zod';
import { fieldNotes } from '../field-note.ts';
import { duration, refuse, secretText, text, wholeNumber } from '../fields.ts';
import { furtherHeaders, receiverAddress, signingSecret } from './destinations/http-destination.ts';
import { awsAccess } from './sources/aws-access.ts';

const hourMs = 3_600_000;

/** `notifications:` by name: who is told of alerts. */
export function notificationsSection() {
  const receiver = z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('webhook'),
        url: receiverAddress().describe('Address that takes POST requests with JSON.'),
        secret: signingSecret()
          .exactOptional()
          .describe(
            'Key with which each request is signed, as Standard Webhooks has it: whsec_ and 24 to 64 bytes in base64.',
          ),
        headers: headersKey(),
        ...commonKeys(),
      }),
      z.strictObject({
        type: z.literal('slack'),
        url: secretAddress('Address of an incoming webhook.'),
        ...commonKeys(),
      }),
      z.strictObject({
        type: z.literal('alertmanager'),
        url: receiverAddress().describe("Address that takes what Alertmanager's webhooks send, version 4."),
        headers: headersKey(),
        ...commonKeys(),
      }),
      z.strictObject({
        type: z.literal('pagerduty'),
        routingKey: secretText('an integration key of 32 letters and digits', `\${PAGERDUTY_KEY}`)
          .regex(/^[A-Za-z0-9]{32}$/)
          .describe('Integration key of a service, for events of version 2.'),
        url: receiverAddress()
          .prefault('https://events.pagerduty.com/v2/enqueue')
          .describe('Address of the events API.'),
        ...commonKeys(),
      }),
      z.strictObject({
        type: z.literal('email'),
        host: text('the name of a mail server', 'smtp.example.com').describe(
          'Mail server that takes messages by SMTP.',
        ),
        port: wholeNumber({ least: 1, most: 65_535, example: 587 }).prefault(587).describe('Its port.'),
        tls: z
          .enum(['starttls', 'implicit', 'none'])
          .register(fieldNotes, { expects: 'starttls, implicit or none', example: 'starttls' })
          .prefault('starttls')
          .describe('starttls: required after the greeting, as on port 587. implicit: from the start, as on port 465.'),
        user: text('a user name', 'alerts').exactOptional().describe('Who logs in; nobody without it.'),
        password: secretText('a password', `\${SMTP_PASSWORD}`).exactOptional().describe('Of the user.'),
        from: mailAddress('tailrace@example.com').describe('Sender.'),
        to: z
          .array(mailAddress('oncall@example.com'))
          .min(1)
          .max(50)
          .register(fieldNotes, { expects: 'a list of mail addresses', example: '[oncall@example.com]' })
          .describe('Whom it is sent to.'),
        ...commonKeys(),
      }),
      z.strictObject({
        type: z.literal('sns'),
        topic: text('the ARN of a topic', 'arn:aws:sns:us-east-1:123456789012:alerts')
          .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(?:\.fifo)?$/)
          .describe('ARN of the topic; it names the region.'),
        ...awsAccess(),
        ...commonKeys(),
      }),
      z.strictObject({
        type: z.literal('command'),
        command: z
          .tuple([text('a program', '/usr/local/bin/tell')], z.string())
          .register(fieldNotes, {
            expects: 'a list: a program and its arguments',
            example: '[/usr/local/bin/tell, oncall]',
          })
          .describe('Program and arguments, without a shell; the message is JSON on its standard input.'),
        ...commonKeys(),
      }),
    ])
    .register(fieldNotes, { expects: 'a mapping with a type', example: '{ type: webhook, url: "https://…" }' });
  return z
    .record(z.string().regex(/^[\w-]{1,100}$/), receiver)
    .register(fieldNotes, {
      expects: 'a mapping of names to receivers',
      example: '{ oncall: { type: webhook, url: "https://…" } }',
    })
    .transform((written) =>
      Object.entries(written).map(([name, { timeout, giveUpAfter, ...rest }]) => ({
        name,
        ...rest,
        ...(rest.type === 'sns' ? { region: rest.region ?? rest.topic.split(':')[3] ?? '' } : {}),
        timeoutMs: timeout,
        giveUpAfterMs: giveUpAfter,
      })),
    )
    .prefault({})
    .describe('Who is told of alerts, by a name of your choice.');
}

export type NotificationConfig = z.output<ReturnType<typeof notificationsSection>>[number];

function headersKey() {
  return furtherHeaders().exactOptional().describe('Further headers of each request, such as authorization.');
}

function commonKeys() {
  return {
    timeout: duration({ leastMs: 100, mostMs: 600_000, example: '10s' })
      .prefault('10s')
      .describe('How long one attempt may take.'),
    giveUpAfter: duration({ leastMs: 60_000, mostMs: 720 * hourMs, example: '24h' })
      .prefault('24h')
      .describe('How long a message is tried again until it is given up.'),
  };
}

function mailAddress(example: string) {
  return text('a mail address', example).regex(/^[^\s@<>"]+@[^\s@<>"]+$/);
}

/** Whoever knows it may write there. */
function secretAddress(description: string) {
  const example = `\${SLACK_WEBHOOK}`;
  return secretText('an http or https address', example)
    .transform((written, context) =>
      URL.canParse(written) && /^https?:\/\//i.test(written)
        ? written
        : refuse(context, 'it is not an http or https address', `write for example ${example}`),
    )
    .describe(description);
}
