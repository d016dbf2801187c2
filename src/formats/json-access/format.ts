import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/**
 * Objects with a status, a path or request, and a time. Lines with a level and a message are an application's, even if
 * they describe a request.
 */
export const jsonAccess: Format = {
  name: 'json-access',
  title: 'Access logs as JSON (nginx, Apache, API Gateway and others)',
  reference: 'https://nginx.org/en/docs/http/ngx_http_log_module.html',
  fields: [
    ...fields,
    { name: 'level', type: 'text', keys: ['level', 'severity', 'log.level', 'levelname', 'loglevel'] },
    { name: 'message', type: 'text', keys: ['message', 'msg', 'event', 'short_message', '@m'] },
  ],
  headerless: 'whole',
  framing: {
    kind: 'keyed',
    syntax: 'json',
    opened: [
      'request',
      'request.headers',
      'response',
      'latencies',
      'identity',
      'http',
      'http.request',
      'http.request.body',
      'http.response',
      'http.response.body',
      'url',
      'client',
      'source',
      'user_agent',
      'event',
      'httpRequest',
      'properties',
    ],
    marks: ['request', 'url', 'route'],
  },
  // A path and a status alone may belong to a file and a program, or to a request that an application made.
  requires: [['status'], ['request', 'route', 'method', 'client']],
  excludes: [['level'], ['message']],
  isStrict: true,
  isMixed: true,
  since: 1993,
};
