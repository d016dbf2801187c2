import type { Format } from '../format.ts';
import { fields } from './fields.ts';

const quoted = '((?:\\\\.|[^"\\\\])*)';

/** A name with a dot: where combined has `ident`, which has none. */
const server = '[0-9A-Za-z_*-]*[.][0-9A-Za-z_.*-]*[A-Za-z][0-9A-Za-z_.*-]*(?::[0-9]{1,5})?';

const pattern =
  `^([0-9A-Fa-f]*[.:][0-9A-Fa-f:.]*) (${server}) ([^\\[]*) \\[([^\\]]*)\\] ` +
  `"${quoted}" ([0-9]{3}) ([0-9]+|-) "${quoted}" "${quoted}"(?: (.*))?$`;

export const lighttpd: Format = {
  name: 'lighttpd',
  title: 'lighttpd access logs',
  reference: 'https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_accesslog',
  fields,
  headerless: 'whole',
  framing: { kind: 'pattern', pattern },
  isStrict: true,
  since: 1993,
};
