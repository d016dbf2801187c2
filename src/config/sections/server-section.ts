import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { text, wholeNumber } from '../fields.ts';

/** `server:` where the API and the console listen. */
export function serverSection() {
  return z
    .strictObject({
      host: text('a host name or an IP address', '127.0.0.1')
        .regex(/^[A-Za-z0-9._:-]+$/)
        .prefault(defaults.server.host)
        .describe('Address to listen on; 0.0.0.0 is every network interface.'),
      port: wholeNumber({ least: 0, most: 65_535, example: 4280 })
        .prefault(defaults.server.port)
        .describe('TCP port to listen on; 0 picks a free one.'),
    })
    .prefault({})
    .describe('Where the HTTP API and the console listen.');
}
