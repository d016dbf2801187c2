import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** The same names as other servers' W3C logs, but `time-taken` is in milliseconds. */
export const iis: Format = {
  name: 'iis',
  title: 'IIS W3C logs',
  reference: 'https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging',
  commentPrefix: '#',
  fields,
  headerless: 'never',
  marks: fields.map(({ name }) => name).filter((name) => !['date', 'time'].includes(name)),
  directive: {
    software: '^Microsoft Internet Information',
    names: ['sc-substatus', 'sc-win32-status', 's-sitename', 's-computername'],
  },
  isStrict: true,
  requires: [['c-ip'], ['cs-method'], ['sc-status']],
  since: 1996,
};
