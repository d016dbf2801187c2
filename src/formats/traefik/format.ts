import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Its log of access as text is `combined`, or has a router and a server behind it. */
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
