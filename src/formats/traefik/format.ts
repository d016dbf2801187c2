import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Its access log as text is `combined`, possibly followed by a router and a server. */
export const traefik: Format = {
  name: 'traefik',
  title: 'Traefik access logs (JSON)',
  reference: 'https://doc.traefik.io/traefik/reference/install-configuration/observability/logs-and-accesslogs/',
  fields,
  headerless: 'whole',
  framing: { kind: 'keyed', syntax: 'json', marks: ['status'] },
  requires: [['status']],
  isStrict: true,
  isMixed: true,
};
