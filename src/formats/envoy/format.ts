import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Recognised among other JSON by `response_flags`; the names are those of Istio and Envoy's documentation. */
export const envoy: Format = {
  name: 'envoy',
  title: 'Envoy and Istio access logs (JSON)',
  reference: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage',
  fields: [...fields, { name: 'response_flags', type: 'text', keys: ['response_flags'] }],
  headerless: 'whole',
  framing: { kind: 'keyed', syntax: 'json', marks: ['response_flags'] },
  requires: [['status']],
  isStrict: true,
  isMixed: true,
};
