import { shareList } from './list-report.ts';
import type { Report } from './report.ts';

export const methods: Report = shareList({
  name: 'methods',
  title: 'Methods',
  definition: 'Requests by cs-method.',
  value: 'method',
  column: { name: 'method', label: 'Method' },
  field: 'method',
});
