import { shareList } from './list-report.ts';
import type { Report } from './report.ts';

export const referrers: Report = shareList({
  name: 'referrers',
  title: 'Referrers',
  definition:
    'Requests by the host of the Referer header: the page that led to the request or that shows what was asked for. Browsers send none after typing an address, and some sites forbid it.',
  value: 'domain(referer)',
  column: { name: 'referer_host', label: 'Referrer' },
  field: 'referer_host',
});
