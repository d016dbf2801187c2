import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Ends before a quote and a blank, or the end of the line; `\"` does not end it. */
const quoted = '((?:\\\\.|.)*?)';

/** A server's name, which is no number and no time, with or without its port. */
const virtualHost =
  '(?:[0-9.-]*[A-Za-z_*][0-9A-Za-z_.*-]*|[0-9]{1,3}(?:[.][0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?';
const client = '[0-9A-Za-z:_[][0-9A-Za-z:_*%\\]-]*[.:][0-9A-Za-z:_.*%\\]-]*';
/** Behind another value it could be the `ident` as well. */
const bareName = '[0-9A-Za-z_][0-9A-Za-z_*%-]*';
const proxy = '[0-9A-Fa-f:.[\\]]*[.:][0-9A-Fa-f:.\\]]*';
/** `X-Forwarded-For` as the header has it: quoted, or a list; without either only where an address follows. */
const list = '"[^"]*"|[^ ,"]+(?:, ?[^ ,"]+)+';
/** A lone dash is a header that is missing where nothing stands before it; else it is an `ident`. */
const front = `(?:${list})(?: ${proxy})?|(?:-|${proxy}) ${proxy}|${client}|^${bareName}|^-`;

/** What follows: values in quotes, with or without their name, of which the last may be cut off, and others without any quote. */
const more = '(?:(?:[0-9A-Za-z_.-]+=)?"(?:\\\\.|[^"\\\\])*(?:"|$)|[^ "]+)(?: +|$)';

/**
 * Per line: the virtual host may come first, a list of addresses before the client's or in its place, referer and user agent
 * may be absent or a bare dash, the user may have blanks, and a quote that the server did not escape ends nothing unless what
 * follows looks right. API Gateway's default has no blank behind the time, Jetty's two between values.
 */
const pattern =
  `^(?:(${virtualHost}) +)?(${front}) +([^ ,".:[\\]]+) +(.*?) +` +
  '\\[([^\\]]*)\\] ?' +
  `(?:"${quoted}"|-) +([0-9]{3}|-) +([0-9]+|-)` +
  `(?: +(?:"${quoted}"|-)(?: +(?:"${quoted}(?:"|$)|-))?)?(?: +((?:${more})*))?$`;

/** Behind the size stands a value without quotes, and the referer or the agent behind that: status or size are there twice. */
const unlike = '\\] ?"(?:\\\\.|[^"\\\\])*" +(?:[0-9]{3}|-) +(?:[0-9]+|-) +[^ "-][^ ]* .*"';

export const combined: Format = {
  name: 'combined',
  title: 'Apache and nginx access logs (common, combined, vhost_combined)',
  reference: 'https://httpd.apache.org/docs/current/mod/mod_log_config.html',
  fields,
  headerless: 'whole',
  marks: ['authuser', 'http_x_forwarded_for'],
  framing: { kind: 'pattern', pattern, unlike },
  // The Common Log Format is as old as the servers that wrote it first.
  since: 1993,
};
