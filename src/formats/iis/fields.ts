import type { Field } from '../format.ts';
import { w3cFields } from '../w3c-fields.ts';

/**
 * Fields of IIS's W3C log: those common to all servers, and its own.
 * https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging
 */
export const fields: readonly Field[] = [
  ...w3cFields,
  { name: 's-sitename', type: 'token' },
  { name: 's-computername', type: 'token' },
  { name: 'sc-substatus', type: 'integer', pattern: '^[0-9]+$' },
  { name: 'sc-win32-status', type: 'integer', pattern: '^[0-9]+$' },
  { name: 'time-taken', type: 'milliseconds', column: 'duration', pattern: '^[0-9]+$' },
  { name: 'streamid', type: 'token' },
];
