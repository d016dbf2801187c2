import { shareList } from './list-report.ts';
import type { Report } from './report.ts';

export const operatingSystems: Report = shareList({
  name: 'operating-systems',
  title: 'Operating systems',
  definition:
    'Requests of people (no declared bots) by the family of their operating system, from the User-Agent by the rules of uap-core.',
  value: 'os',
  column: { name: 'os', label: 'System' },
  field: 'os',
  condition: 'NOT is_bot',
});
