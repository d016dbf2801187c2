import { logColumns } from '../schema/logs.ts';
import { fieldsOf } from './column-fields.ts';
import type { Fields } from './fields.ts';

/** Of `logs`: its columns, and what lines say besides. */
export const logFields: Fields = {
  byName: new Map(fieldsOf(logColumns).map((field) => [field.name, field])),
  aliases: new Map([
    ['severity', 'level'],
    ['msg', 'message'],
    ['trace', 'trace_id'],
  ]),
  searched: 'message',
  maps: new Map([
    ['attributes', { sql: 'attributes', columns: ['attributes'], description: logColumns.attributes.comment }],
  ]),
  absent: new Map([
    ['time', 'the range on the page sets the time'],
    ['attributes', 'name one of them, for example attributes.user_id'],
  ]),
};
