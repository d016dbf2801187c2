import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** `-1`: the stage was not reached. `+`: with `option logasap` the rest is still to come. */
const timer = '(-?[0-9]+)';
const count = '([0-9]+)';
const headers = '(?: \\{([^}]*)\\})?';

const pattern =
  `^([^ ]+:[0-9]{1,5}) \\[([^\\]]+)\\] ([^ ]+) ([^ /]+)/([^ ]+) ` +
  `${timer}/${timer}/${timer}/${timer}/[+]?${timer} (-?[0-9]{1,3}) [+]?([0-9]+) ([^ ]+) ([^ ]+) ([^ ]{4}) ` +
  `${count}/${count}/${count}/${count}/[+]?${count} ${count}/${count}${headers}${headers} "([^"]*)(?:"|$)(?: (.*))?$`;

export const haproxy: Format = {
  name: 'haproxy',
  title: 'HAProxy HTTP logs (option httplog)',
  reference: 'https://docs.haproxy.org/3.0/configuration.html#8.2.3',
  fields,
  headerless: 'whole',
  framing: { kind: 'pattern', pattern },
  unknownNumber: '-1',
  isStrict: true,
};
