import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { fieldNotes } from '../field-note.ts';
import { refuse, secretText, text, wholeNumber } from '../fields.ts';
import { httpAddress } from '../http-address.ts';
import { isLoopback } from '../loopback.ts';

/** `server:` where the API, the console and the HTTP intakes listen. */
export function serverSection() {
  return z
    .strictObject({
      host: text('a host name or an IP address', '127.0.0.1')
        .regex(/^[A-Za-z0-9._:-]+$/, { abort: true }) // an invalid name gets no second problem about a missing token
        .prefault(defaults.server.host)
        .describe('Address to listen on; 0.0.0.0 is every network interface.'),
      port: wholeNumber({ least: 0, most: 65_535, example: 4280 })
        .prefault(defaults.server.port)
        .describe('TCP port to listen on; 0 picks a free one.'),
      token: token(`\${TAILRACE_TOKEN}`).describe(
        'What senders of logs must show, and readers too where host is not a loopback address; needed there.',
      ),
      readToken: token(`\${TAILRACE_READ_TOKEN}`).describe(
        'What readers (console, SQL, metrics) must show instead of token, on any address.',
      ),
      operatorToken: token(`\${TAILRACE_OPERATOR_TOKEN}`).describe(
        'What whoever silences, replays or changes continuous queries must show; default: a new one at each start.',
      ),
      allowedHosts: z
        .array(text('a host name', 'logs.example.com').regex(/^[A-Za-z0-9.:-]+$/))
        .register(fieldNotes, { expects: 'a list of host names', example: '[logs.example.com]' })
        .exactOptional()
        .describe('Further names to answer for, as clients or a proxy in front send them as Host.'),
      publicUrl: httpAddress('https://logs.example.com', 'write only the address')
        .exactOptional()
        .describe('Address at which people open the console; messages of alerts link to it.'),
    })
    .superRefine(({ host, token }, context) => {
      const problem = whyTokenIsNeeded(host, token !== undefined);
      if (problem) refuse(context, problem.cause, problem.remedy, ['host']);
    })
    .prefault({})
    .describe('Where the HTTP API, the console and the HTTP intakes listen.');
}

function token(example: string) {
  return (
    secretText('a text of 16 to 4096 characters without blanks', example)
      // Must be a valid header value.
      .regex(/^[\x21-\x7e]{16,4096}$/)
      .exactOptional()
  );
}

/** Why the program must not listen on `host` with this configuration: any client could read, and send logs. */
export function whyTokenIsNeeded(host: string, hasToken: boolean): { cause: string; remedy: string } | undefined {
  if (hasToken || isLoopback(host)) return undefined;
  return {
    cause: 'others can reach this address, and without a token anybody could read there and send logs to it',
    remedy: `add server.token, for example token: \${TAILRACE_TOKEN}, or listen on 127.0.0.1`,
  };
}
