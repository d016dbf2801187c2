import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** The columns are always those of the table, whatever headers a request has; other keys are kept in `extra`. */
export const waf: Format = {
  name: 'waf',
  title: 'AWS WAF logs',
  reference: 'https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html',
  fields,
  headerless: 'whole',
  framing: {
    kind: 'json',
    nested: [
      { key: 'httpRequest', holds: 'object' },
      { key: 'httpRequest.headers', holds: 'headers' },
    ],
  },
  requires: [['timestamp'], ['webaclId'], ['action']],
};
