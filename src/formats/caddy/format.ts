import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Caddy writes its own messages to the same output, with another `logger`. */
export const caddy: Format = {
  name: 'caddy',
  title: 'Caddy access logs',
  reference: 'https://caddyserver.com/docs/logging',
  fields: [...fields, { name: 'err_id', type: 'text', keys: ['err_id'] }],
  headerless: 'whole',
  framing: {
    kind: 'keyed',
    syntax: 'json',
    opened: ['request', 'request.headers', 'request.tls', 'resp_headers'],
    marks: ['http_version'],
  },
  requires: [['status'], ['url']],
  // The error of a request is a separate message besides the request's line.
  excludes: [['err_id']],
  isStrict: true,
  isMixed: true,
};
