import { shareList } from './list-report.ts';
import type { Report } from './report.ts';

export const contentTypes: Report = shareList({
  name: 'content-types',
  title: 'Content types',
  definition:
    'Requests by sc-content-type, the Content-Type of the response, as it was sent. Logs before 2019 do not have it.',
  value: 'content_type',
  column: { name: 'content_type', label: 'Type' },
  field: 'content_type',
});
