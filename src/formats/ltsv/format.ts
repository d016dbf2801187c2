import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** Labels and values separated by tabs, in any order; a line of an access log has a status. */
export const ltsv: Format = {
  name: 'ltsv',
  title: 'Labeled tab-separated access logs (LTSV)',
  reference: 'http://ltsv.org/',
  fields,
  headerless: 'whole',
  framing: { kind: 'keyed', syntax: 'ltsv', marks: ['request', 'url'] },
  requires: [['status']],
  isStrict: true,
  since: 1993,
};
