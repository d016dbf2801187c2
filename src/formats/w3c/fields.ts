import type { Field } from '../format.ts';
import { w3cFields } from '../w3c-fields.ts';

/**
 * Fields of the W3C Extended Log File Format.
 * https://www.w3.org/TR/WD-logfile.html
 */
export const fields: readonly Field[] = [
  ...w3cFields,
  { name: 's-computername', type: 'token' },
  { name: 'c-dns', type: 'token' },
  { name: 'cs-uri', type: 'uri', column: 'path', pattern: '^[/*]', isOptional: true },
  { name: 'c-status', type: 'integer', column: 'status', pattern: '^[0-9]{1,3}$' },
  // Seconds in the draft; products also write milliseconds and microseconds, but never with a decimal point.
  { name: 'time-taken', type: 'seconds', column: 'duration', pattern: '^[0-9]+[.][0-9]+$', isOptional: true },
];
