import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Ends before a quote and a blank, or the end of the line; `\"` does not end it. */
const quoted = '((?:\\\\\\C|\\C)*?)';

/**
 * Per line: the virtual host may come first, referer and user agent may be absent, the user may have blanks, and a quote
 * that the server did not escape ends nothing unless what follows looks right.
 */
const pattern =
  '^(?:([0-9A-Za-z_*[][^ ]*) )?([0-9A-Za-z:_][^ ]*) ([^ ]+) (\\C*?) \\[([^\\]]*)\\] ' +
  `"${quoted}" ([0-9]{3}|-) ([0-9]+|-)(?: "${quoted}"(?: "${quoted}(?:"(?: (\\C*))?)?)?)?$`;

export const combined: Format = {
  name: 'combined',
  title: 'Apache and nginx access logs (common, combined, vhost_combined)',
  reference: 'https://httpd.apache.org/docs/current/mod/mod_log_config.html',
  nullMarker: '-',
  fields,
  headerless: 'whole',
  framing: { kind: 'pattern', pattern },
  // The Common Log Format is as old as the servers that wrote it first.
  since: 1993,
};
