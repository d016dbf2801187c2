import type { Format } from '../format.ts';
import { fields } from './fields.ts';

const quoted = '"([^"]*)"';
const size = '([0-9]+)';
const time = '([0-9]+|-)';

/** Istio writes why a response or a connection ended between the flags and the sizes. */
const reasons = `(?: ([^ "]+) ([^ "]+) ${quoted})?`;

const pattern =
  `^\\[([0-9T:.Z-]+)\\] ${quoted} ([0-9]{1,3}) ([A-Za-z,_-]+)${reasons} ${size} ${size} ${time} ${time} ` +
  `${quoted} ${quoted} ${quoted} ${quoted} ${quoted}(?: (.*))?$`;

export const envoyText: Format = {
  name: 'envoy-text',
  title: "Envoy's and Istio's default access log, as text",
  reference:
    'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string',
  fields,
  headerless: 'whole',
  framing: { kind: 'pattern', pattern },
  isStrict: true,
};
