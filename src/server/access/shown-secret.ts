import type { IncomingHttpHeaders } from 'node:http';

/**
 * Reads the credential of a request: a bearer token, the password of basic authentication (any user name), which
 * browsers prompt for, or Firehose's access key.
 */
export function shownSecret(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-amz-firehose-access-key'];
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials;
    case 'basic':
      return Buffer.from(credentials, 'base64')
        .toString()
        .replace(/^[^:]*:/, '');
    default:
      return typeof key === 'string' ? key : undefined;
  }
}
