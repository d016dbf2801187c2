import { shareList } from './list-report.ts';
import type { Report } from './report.ts';

export const tlsVersions: Report = shareList({
  name: 'tls-versions',
  title: 'TLS versions',
  definition:
    'Requests by ssl-protocol: who would be shut out if an older version were refused. Requests over plain HTTP have none.',
  value: 'tls_protocol',
  column: { name: 'tls_protocol', label: 'Version' },
  field: 'tls_protocol',
});
