import { shareList } from './list-report.ts';
import type { Report } from './report.ts';

export const httpVersions: Report = shareList({
  name: 'http-versions',
  title: 'HTTP versions',
  definition: 'Requests by cs-protocol-version, the version of HTTP that the viewer spoke.',
  value: 'http_version',
  column: { name: 'http_version', label: 'Version' },
  field: 'http_version',
});
