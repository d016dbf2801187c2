import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Ends before a quote and a blank, or the end of the line; `\"` does not end it. */
const quoted = '((?:\\\\.|.)*?)';

/** A server's name, neither a number nor a time, with or without its port. */
const virtualHost =
  '(?:[0-9.-]*[A-Za-z_*][0-9A-Za-z_.*-]*|[0-9]{1,3}(?:[.][0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?';
const client = '[0-9A-Za-z:_[][0-9A-Za-z:_*%\\]-]*[.:][0-9A-Za-z:_.*%\\]-]*';
/** After another value it could also be the `ident`. */
const bareName = '[0-9A-Za-z_][0-9A-Za-z_*%-]*';
const proxy = '[0-9A-Fa-f:.[\\]]*[.:][0-9A-Fa-f:.\\]]*';
/** `X-Forwarded-For` as in the header: quoted, or a list; otherwise only if an address follows. */
const list = '"[^"]*"|[^ ,"]+(?:, ?[^ ,"]+)+';
/** A lone dash is a missing header if nothing precedes it; else it is an `ident`. */
const front = `(?:${list})(?: ${proxy})?|(?:-|${proxy}) ${proxy}|${client}|^${bareName}|^-`;

/** The rest: quoted values, with or without a name, the last possibly truncated, and values without quotes. */
const more = '(?:(?:[0-9A-Za-z_.-]+=)?"(?:\\\\.|[^"\\\\])*(?:"|$)|[^ "]+)(?: +|$)';

/**
 * Per line: the virtual host may come first, a list of addresses before the client's or in its place, referer and user agent
 * may be absent or a bare dash, the user may have blanks, and an unescaped quote ends a value only if the text after it
 * looks right. API Gateway's default has no blank after the time, Jetty's two between values.
 */
const pattern =
  `^(?:(${virtualHost}) +)?(${front}) +([^\\s\\x00-\\x1f,".:|[\\]]+) +(.*?) +` +
  '\\[([^\\]]*)\\] ?' +
  `(?:"${quoted}"|-) +([0-9]{3}|-) +([0-9]+|-)` +
  `(?: +(?:"${quoted}"|-)(?: +(?:"${quoted}(?:"|$)|-))?)?(?: +((?:${more})*))?$`;

/**
 * The time of syslog is in front, which would be read as a client and a user; or an unquoted value follows the size,
 * before the referer or the agent: status or size occurs twice. Or the agent comes before the referer.
 */
const upToSize = '\\] ?"(?:\\\\.|[^"\\\\])*" +(?:[0-9]{3}|-) +(?:[0-9]+|-) +';
const unlike =
  '^(?:<[0-9]{1,3}>)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +[0-9]{1,2} |' +
  `${upToSize}(?:[^ "-][^ ]* .*"|"Mozilla/[0-9](?:\\\\.|[^"\\\\])*" "(?:-|https?://[^ "]*)")`;

export const combined: Format = {
  name: 'combined',
  title: 'Apache and nginx access logs (common, combined, vhost_combined)',
  reference: 'https://httpd.apache.org/docs/current/mod/mod_log_config.html',
  fields,
  headerless: 'whole',
  marks: ['authuser', 'http_x_forwarded_for'],
  framing: { kind: 'pattern', pattern, unlike },
  // The Common Log Format is as old as the first servers that wrote it.
  since: 1993,
};
